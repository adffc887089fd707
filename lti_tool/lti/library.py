"""What PyLTI1p3 is given to work with: our registrations, and services that keep nothing."""

from typing import Any

from flask import g
from pylti1p3.contrib.flask import FlaskCookieService
from pylti1p3.deployment import Deployment as LibraryDeployment
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.session import SessionService
from pylti1p3.tool_config import ToolConfAbstract

from lti_tool.lti.claims import LaunchRefused
from lti_tool.lti.platform import Platform, find_platform


class ToolConfiguration(ToolConfAbstract):  # type: ignore[misc]
    """Registrations from the database; one issuer may have many clients (Canvas)."""

    def check_iss_has_one_client(self, iss: str) -> bool:  # noqa: ARG002
        """Never: key by issuer and client id."""
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:  # noqa: ARG002
        """Always."""
        return True

    def find_registration_by_issuer(self, iss: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ARG002
        """Not used: an issuer alone does not name a registration."""
        raise LaunchRefused("unknown_platform")

    def find_registration_by_params(
        self,
        iss: str,
        client_id: str | None,
        *args: Any,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> LibraryRegistration:
        """Give the library the row this request is about, or refuse."""
        row: Platform | None = g.get("registration")
        if row is None or (row.issuer, row.client_id) != (iss, client_id or row.client_id):
            row = find_platform(iss, client_id)
        return library_registration(row)

    def find_deployment(self, iss: str, deployment_id: str) -> None:
        """Not used, see above."""

    def find_deployment_by_params(
        self,
        iss: str,  # noqa: ARG002
        deployment_id: str,
        client_id: str,  # noqa: ARG002
        *args: Any,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> LibraryDeployment:
        """Any deployment of a known registration: it is made on its first valid launch."""
        return LibraryDeployment().set_deployment_id(deployment_id)


def library_registration(row: Platform) -> LibraryRegistration:
    """Our row in the library's words."""
    return (
        LibraryRegistration()
        .set_issuer(row.issuer)
        .set_client_id(row.client_id)
        .set_key_set_url(row.jwks_url)
        .set_auth_login_url(row.auth_login_url)
        .set_auth_token_url(row.auth_token_url)
    )


class OneRequest(SessionService):  # type: ignore[misc]
    """Nothing is kept in a session: state and nonce live in the database."""

    def __init__(self) -> None:
        self.nonce = ""

    def save_nonce(self, nonce: str) -> None:
        """Hold it for the caller."""
        self.nonce = nonce


class StateCookie(FlaskCookieService):  # type: ignore[misc]
    """Remembers the state; the view sets the cookie, partitioned."""

    state = ""

    def set_cookie(self, name: str, value: str | int, exp: int | None = None) -> None:  # noqa: ARG002
        """Hold the state for the caller."""
        self.state = name

    def update_response(self, response: Any) -> None:
        """The view does this."""

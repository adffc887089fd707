"""Hosted Canvas: its addresses, who may speak for it, its words beside the standard.

All hosted schools share one issuer per environment. The login, the keys and the tokens are at
`sso.…canvaslms.com`; a registration goes to the school's own host (Canvas documentation).
"""

from dataclasses import dataclass

EXTENSION = "https://canvas.instructure.com/lti/"
SCHOOLS = ".instructure.com"
FRAME_ORIGIN = "https://*.instructure.com"
"""Where hosted schools show us in a frame, unless they have a domain of their own."""
PRIVACY = "name_only"
"""Names, so that a teacher knows who is who; no e-mail addresses."""
TOOL_ID = "loopbaangesprek"


@dataclass(frozen=True)
class Environment:
    """One of the environments that Instructure hosts."""

    issuer: str
    login_host: str

    @property
    def auth_login_url(self) -> str:
        """Where a launch is asked for."""
        return f"https://{self.login_host}/api/lti/authorize_redirect"

    @property
    def auth_token_url(self) -> str:
        """Where access tokens come from."""
        return f"https://{self.login_host}/login/oauth2/token"

    @property
    def jwks_url(self) -> str:
        """The key set."""
        return f"https://{self.login_host}/api/lti/security/jwks"


ENVIRONMENTS = {
    "production": Environment("https://canvas.instructure.com", "sso.canvaslms.com"),
    "beta": Environment("https://canvas.beta.instructure.com", "sso.beta.canvaslms.com"),
    "test": Environment("https://canvas.test.instructure.com", "sso.test.canvaslms.com"),
}


def speaks_for(host: str, issuer: str) -> bool:
    """Whether a host belongs to the hosted Canvas that calls itself `issuer`."""
    hosted = next((one for one in ENVIRONMENTS.values() if one.issuer == issuer), None)
    return hosted is not None and (host == hosted.login_host or host.endswith(SCHOOLS))


def is_hosted_issuer(issuer: str) -> bool:
    """Whether an issuer is shared by schools that Instructure hosts."""
    return any(one.issuer == issuer for one in ENVIRONMENTS.values())


def is_hosted(host: str) -> bool:
    """Whether a host is one of Instructure's."""
    return host.endswith(SCHOOLS) or any(host == one.login_host for one in ENVIRONMENTS.values())

"""A tool as PyLTI1p3's own example has it: its classes untouched, a Flask session, a dictionary."""

from typing import Any

from flask import Flask
from pylti1p3.contrib.flask import FlaskMessageLaunch, FlaskOIDCLogin, FlaskRequest
from pylti1p3.exception import LtiException
from pylti1p3.tool_config import ToolConfDict

from tests.support.launches import Platform, public_jwk

JWKS_URL = "https://platform.example/jwks"


class DictStorage:
    """The library's interface for keeping a key set, over a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def remove_session_id(self) -> None:
        """Nothing here hangs on a session."""
        return

    def get_session_id(self) -> None:
        """None."""
        return

    def set_session_id(self, _session_id: str) -> None:
        """None."""
        return

    def get_value(self, key: str) -> Any:
        """What was kept."""
        return self.kept.get(key)

    def set_value(self, key: str, value: Any, exp: int | None = None) -> None:  # noqa: ARG002
        """Keep it."""
        self.kept[key] = value


def create_stock_tool(issuer: str, client_id: str, keys: DictStorage | None = None) -> Flask:
    """Build it; with `keys`, the library's own caching of key sets is on."""
    app = Flask("stock")
    app.secret_key = "s" * 40
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.logger.disabled = True

    def configuration() -> Any:
        return ToolConfDict(
            {
                issuer: {
                    "default": True,
                    "client_id": client_id,
                    "auth_login_url": "https://platform.example/auth",
                    "auth_token_url": "https://platform.example/token",
                    "key_set_url": JWKS_URL,
                    "deployment_ids": ["1"],
                }
            }
        )

    @app.errorhandler(LtiException)
    def refuse(error: LtiException) -> tuple[str, int]:
        """What the library itself foresaw; whatever else it raises is a crash, and a 500."""
        return f"refused: {error}", 400

    @app.post("/login")
    def login() -> Any:
        answer = FlaskOIDCLogin(request=FlaskRequest(), tool_config=configuration())
        return answer.redirect("http://127.0.0.1:8000/launch")

    @app.post("/launch")
    def launch() -> Any:
        message = FlaskMessageLaunch(request=FlaskRequest(), tool_config=configuration())
        if keys is not None:
            message.set_public_key_caching(keys)
        return f"welcome {message.get_launch_data().get('name')}"

    return app


class StockPlatform(Platform):
    """The same platform, launching the stock tool."""

    login_path, launch_path = "/login", "/launch"

    def __init__(self, *, issuer: str, client_id: str) -> None:
        self.issuer, self.client_id, self.jwks_url = issuer, client_id, JWKS_URL
        self.fetched_last, self.reachable = 0, True
        self.calls_last = []
        self.key_set = {"json": {"keys": [public_jwk()]}}

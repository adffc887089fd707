"""Open edX's LTI consumer as a platform: `python -m tests.platform.openedx` in its environment.

Nothing of ours is imported and nothing of it is copied: its classes make the login initiation,
check our auth request, sign the id_token, read our deep linking answer and grant access tokens.
First line on standard input: where everything is. Then one JSON command a line, and one JSON line
back, until the input ends. Meanwhile it serves `/jwks`, `/auth` and `/token` on loopback.
"""

import html
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from tests.platform.browsing import Browser, Page

settings.configure(
    CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
    PLATFORM_NAME="Open edX",
    SECRET_KEY="nothing here is secret",
)
django.setup()

from lti_consumer.data import Lti1p3LaunchData  # noqa: E402  # Django must be set up first
from lti_consumer.lti_1p3.constants import LTI_1P3_CONTEXT_TYPE  # noqa: E402
from lti_consumer.lti_1p3.consumer import LtiAdvantageConsumer  # noqa: E402

KID = "openedx-key"
COURSE, COURSE_TITLE = "course-v1:School+Mentor+2026", "Mentorles"
DEPLOYMENT_ID = "1"


class Platform:
    """One tool on one platform."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.issuer = f"http://localhost:{facts['port']}"
        self.tool, self.client_id = facts["tool"], facts["client_id"]
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        self.consumer = self.new_consumer(f"{self.tool}/lti/launch")
        self.answered: dict[str, str] = {}
        """What the browser brought to the deep linking return address."""

    def new_consumer(self, launch_url: str) -> Any:
        """The library's view of our tool."""
        consumer = LtiAdvantageConsumer(
            iss=self.issuer,
            lti_oidc_url=f"{self.tool}/lti/login",
            lti_launch_url=launch_url,
            client_id=self.client_id,
            deployment_id=DEPLOYMENT_ID,
            rsa_key=self.pem,
            rsa_key_id=KID,
            redirect_uris=[f"{self.tool}/lti/launch"],
            tool_keyset_url=f"{self.tool}/lti/jwks.json",
        )
        consumer.enable_ags(f"{self.issuer}/lineitems")
        consumer.enable_nrps(f"{self.issuer}/members")
        consumer.enable_deep_linking(f"{self.tool}/lti/launch", f"{self.issuer}/returned")
        return consumer

    def open(self, command: dict[str, Any], message_type: str) -> tuple[Browser, Page]:
        """Launch as a person; return their browser and where it ended."""
        data = Lti1p3LaunchData(
            user_id=command["user"],
            user_role=command["role"],
            config_id="1",
            resource_link_id=command.get("link", "unit-1"),
            name=command["name"],
            message_type=message_type,
        )
        consumer = self.consumer
        consumer.set_user_data(command["user"], command["role"], full_name=command["name"])
        consumer.set_resource_link_claim(command.get("link", "unit-1"), title="Gesprek")
        consumer.set_context_claim(COURSE, [LTI_1P3_CONTEXT_TYPE.course_offering], COURSE_TITLE)
        consumer.set_launch_presentation_claim("iframe", f"{self.issuer}/courses")
        consumer.set_custom_parameters(command.get("custom", {}))
        browser = Browser()
        page = browser.get(consumer.prepare_preflight_url(data))
        return browser, browser.submit(page, page.form_with("id_token"))

    def launch(self, command: dict[str, Any]) -> dict[str, Any]:
        """Open an activity, or the address a deep link gave."""
        if "url" in command:
            self.consumer = self.new_consumer(f"{self.tool}/lti/launch")
            self.consumer.set_dl_content_launch_parameters(command["url"], command.get("custom"))
        _browser, page = self.open(command, "LtiResourceLinkRequest")
        return {"status": page.status, "heading": page.heading, "text": page.text}

    def deep_link(self, command: dict[str, Any]) -> dict[str, Any]:
        """Add an activity as a teacher: make a new round, and read the answer."""
        browser, page = self.open(command, "LtiDeepLinkingRequest")
        if "follow" in command:
            page = browser.get(page.link(command["follow"]))
            form = page.form_with("csrf_token")
            fields = dict.fromkeys(form.texts[:1], command["round"])
            page = browser.submit(page, form, **fields)
            page = browser.submit(page, page.form_with("JWT"))
        items: list[Any] = []
        if self.answered:
            items = self.consumer.check_and_decode_deep_linking_token(self.answered["JWT"])
        return {"status": page.status, "heading": page.heading, "items": items}

    def token(self, command: dict[str, Any]) -> dict[str, Any]:
        """Grant an access token, as `/token` does, and let the library check it again."""
        granted: dict[str, Any] = self.consumer.access_token(command["form"])
        valid = self.consumer.check_token(granted["access_token"], command["form"]["scope"])
        return {**granted, "valid": valid}

    def auth(self, query: dict[str, str]) -> str:
        """Answer our auth request with the form that posts the launch."""
        fields = self.consumer.generate_launch_request(query)
        inputs = "".join(
            f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
            for name, value in fields.items()
        )
        action = html.escape(query["redirect_uri"])
        return f'<h1>Launch</h1><form method="post" action="{action}">{inputs}</form>'


def handler(platform: Platform) -> type[BaseHTTPRequestHandler]:
    """The platform over HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/jwks":
                self._answer(json.dumps(platform.consumer.get_public_keyset()), "application/json")
            elif parts.path == "/auth":
                self._answer(platform.auth(dict(parse_qsl(parts.query))), "text/html")
            else:
                self._answer("<h1>Course</h1>", "text/html")

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = dict(parse_qsl(self.rfile.read(length).decode()))
            if self.path == "/token":
                self._answer(json.dumps(platform.consumer.access_token(form)), "application/json")
            else:
                platform.answered = form
                self._answer("<h1>Returned</h1>", "text/html")

        def _answer(self, text: str, kind: str) -> None:
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing: standard error is for failures."""

    return Handler


def main() -> None:
    """Serve, and do what the lines say."""
    facts = json.loads(sys.stdin.readline())
    platform = Platform(facts)
    server = ThreadingHTTPServer(("127.0.0.1", facts["port"]), handler(platform))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    acts = {"launch": platform.launch, "deep_link": platform.deep_link, "token": platform.token}
    _say({"ready": True})
    for line in sys.stdin:
        command = json.loads(line)
        try:
            _say(acts[command["do"]](command))
        except Exception as error:  # the test is told whatever went wrong
            _say({"failed": f"{type(error).__name__}: {error}"})
    server.shutdown()


def _say(result: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(result) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

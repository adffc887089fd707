"""Adding a tool by its registration link (LTI Dynamic Registration 1.0), the way Moodle does it.

The tool opens in a frame with the address of our configuration and a token of one hour and one
use. It asks, registers, and is pending until the administrator activates it.
"""

import re
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.demo.school import ROLE_NAMES
from lti_tool.demo.services import sent_json
from lti_tool.demo.state import Lms, RegisteredTool, current_lms
from lti_tool.demo.vocabulary import SUPPORTED_SCOPES

registration = Blueprint("registration", __name__)

TOKEN_LIFETIME = 3600
TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
OFFERED_VARIABLES = ("Context.id", "Context.title", "Context.id.history", "ResourceLink.id")


@registration.get("/tools")
def tools() -> str:
    """The tools, and the field for a registration link."""
    return _tools_page()


@registration.post("/tools")
def add_tool() -> str:
    """Open the tool's registration in a frame."""
    lms = current_lms()
    link = request.form.get("link", "").strip()
    parts = urlsplit(link)
    if f"{parts.scheme}://{parts.netloc}" != lms.tool.tool_origin:
        abort(400, "Deze demo voegt alleen hulpmiddelen van deze machine toe.")
    token = secrets.token_urlsafe(24)
    lms.registrations.add(token, True, seconds=TOKEN_LIFETIME)
    query = [
        *parse_qsl(parts.query),
        ("openid_configuration", lms.url("/openid-configuration")),
        ("registration_token", token),
    ]
    return _tools_page(frame_url=urlunsplit(parts._replace(query=urlencode(query))))


@registration.post("/tools/<client_id>/activate")
def activate(client_id: str) -> AnyResponse:
    """The click that Moodle asks of its administrator."""
    lms = current_lms()
    if client_id not in lms.registered:
        abort(404, "Dit hulpmiddel staat hier niet geregistreerd.")
    lms.active.add(client_id)
    return redirect(url_for("registration.tools"), 303)


@registration.get("/openid-configuration")
def configuration() -> Response:
    """Who we are and what we offer."""
    lms = current_lms()
    return jsonify(
        {
            "issuer": lms.tool.issuer,
            "authorization_endpoint": lms.tool.auth_login_url,
            "token_endpoint": lms.tool.auth_token_url,
            "jwks_uri": lms.tool.jwks_url,
            "registration_endpoint": lms.url("/openid-registration"),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": [*SUPPORTED_SCOPES, "openid"],
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "claims_supported": ["sub", "iss", "name", "given_name", "family_name"],
            PLATFORM: {
                "product_family_code": "moodle",
                "version": "demo",
                "messages_supported": [
                    {"type": "LtiResourceLinkRequest"},
                    {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
                ],
                "variables": list(OFFERED_VARIABLES),
            },
        }
    )


@registration.post("/openid-registration")
def register() -> Response:
    """Take a tool in, pending. What Moodle demands is demanded here."""
    lms = current_lms()
    credentials = request.authorization
    token = credentials.token if credentials and credentials.type == "bearer" else None
    sent = sent_json("application/json")
    if not token or not lms.registrations.get(token):
        abort(401, "token_already_used")
    tool = _read(lms, sent)
    if not lms.registrations.take(token):
        abort(401, "token_already_used")
    lms.registered[tool.client_id] = tool
    answer = {**sent, "client_id": tool.client_id}
    answer[TOOL] = {**sent[TOOL], "deployment_id": tool.deployment_id, "version": "1.3.0"}
    return jsonify(answer)


def _read(lms: Lms, sent: dict[str, Any]) -> RegisteredTool:
    """Return the tool that is described; 400 where Moodle would refuse it."""
    tool = sent.get(TOOL)
    if not isinstance(tool, dict):
        abort(400, f"missing {TOOL}")
    needed = ("client_name", "initiate_login_uri", "jwks_uri")
    missing = [name for name in needed if not isinstance(sent.get(name), str) or not sent[name]]
    redirects = sent.get("redirect_uris")
    if missing or not isinstance(redirects, list) or not redirects:
        abort(400, f"missing {', '.join([*missing, 'redirect_uris'])}")
    if "id_token" not in sent.get("response_types", []):
        abort(400, "response_types must hold id_token")
    if sent.get("token_endpoint_auth_method") != "private_key_jwt":
        abort(400, "token_endpoint_auth_method must be private_key_jwt")
    target = str(tool.get("target_link_uri") or redirects[0])
    if urlsplit(target).netloc != tool.get("domain"):
        abort(400, "domain does not match target_link_uri")
    custom = tool.get("custom_parameters")
    claims = tool.get("claims")
    return RegisteredTool(
        issuer=lms.tool.issuer,
        tool_url=lms.tool.tool_url,
        client_id=secrets.token_hex(8),
        deployment_id=str(len(lms.registered) + 2),
        name=re.sub(r"<[^>]*>", "", sent["client_name"]),
        login_url=sent["initiate_login_uri"],
        launch_url=redirects[0],
        jwks_url_of_tool=sent["jwks_uri"],
        custom=_substituted(lms, custom if isinstance(custom, dict) else {}),
        claims=frozenset(map(str, claims if isinstance(claims, list) else [])),
    )


def _substituted(lms: Lms, custom: dict[str, Any]) -> dict[str, str]:
    """Fill in what we offer; as in Moodle, what we do not know stays as it was."""
    known = {
        "$Context.id": lms.school.course_id,
        "$Context.title": lms.school.course_title,
        "$Context.id.history": "",
    }
    return {str(name): known.get(str(value), str(value)) for name, value in custom.items()}


def _tools_page(frame_url: str = "") -> str:
    lms = current_lms()
    return render_template(
        "demo_lms/tools.html",
        frame_url=frame_url,
        tools=[(tool, tool.client_id in lms.active) for tool in lms.registered.values()],
        role_names=ROLE_NAMES,
        people=[one for one in lms.school.people if one.role != "pupil"],
        activity=lms.school.activities[-1],
    )

"""Wires the LMS: blueprints, headers, error pages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.demo.courses import Courses, LmsCourse
from lti_tool.demo.deep_linking import deep_linking
from lti_tool.demo.gradebook import Gradebook
from lti_tool.demo.grades import grades
from lti_tool.demo.launch import launch
from lti_tool.demo.mailbox import mailbox as mailbox_pages
from lti_tool.demo.pages import pages
from lti_tool.demo.registration import registration
from lti_tool.demo.roster import roster
from lti_tool.demo.school import School
from lti_tool.demo.services import refusal_as_json
from lti_tool.demo.state import DEFAULT_CLIENT_ID, DEFAULT_DEPLOYMENT_ID, Lms, ToolAddress
from lti_tool.demo.storage import storage
from lti_tool.demo.tokens import tokens

__all__ = ["ToolAddress", "create_lms"]

BLUEPRINTS = (
    pages,
    launch,
    deep_linking,
    storage,
    tokens,
    roster,
    grades,
    registration,
    mailbox_pages,
)
LARGEST_REQUEST = 256 * 1024
FOR_MACHINES = ("/services/", "/token", "/jwks", "/openid-")
ERRORS: Final[dict[int, tuple[str, str]]] = {
    400: ("Deze aanvraag klopt niet", "Er ontbreekt iets, of er staat iets vreemds in het adres."),
    404: ("Deze pagina is er niet", "Misschien is het adres niet helemaal overgenomen."),
    405: ("Zo kan deze pagina niet geopend worden", "Begin opnieuw bij de cursus."),
    413: ("Dit is te veel in één keer", "Er werden meer gegevens gestuurd dan hier passen."),
}
OTHER_ERROR: Final = ("Er ging iets mis", "Probeer het nog een keer vanaf de cursus.")


def create_lms(  # noqa: PLR0913  # what a registration is made of
    *,
    school: School,
    own_url: str,
    tool_url: str,
    client_id: str = DEFAULT_CLIENT_ID,
    deployment_id: str = DEFAULT_DEPLOYMENT_ID,
    more_courses: Sequence[LmsCourse] = (),
    storage_target: str = "",
    mailbox: Path | None = None,
    style_page: str = "",
) -> Flask:
    """Build an LMS that knows one tool, with a fresh key and an empty gradebook.

    `storage_target` names a storage frame to the tool: `storage.TARGET` for the one there is,
    another name for a platform that never answers. Like Moodle it names none by default.
    `mailbox` is the folder with the tool's `.eml` files, `style_page` where it shows its parts.
    """
    tool = ToolAddress(
        issuer=own_url.rstrip("/"),
        tool_url=tool_url.rstrip("/"),
        client_id=client_id,
        deployment_id=deployment_id,
    )
    lms = Lms(
        school,
        tool,
        Gradebook(school),
        Courses(school, more_courses),
        storage_target,
        mailbox,
    )
    app = Flask(__name__, template_folder=str(_templates()))
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["demo_lms"] = lms
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    shown = {"school": school, "has_mailbox": mailbox is not None, "style_page": style_page}
    app.context_processor(lambda: shown)
    app.register_error_handler(HTTPException, _show_error)
    policy = _content_security_policy(tool)

    def set_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response

    app.after_request(set_headers)
    return app


def _templates() -> Path:
    """In the wheel the templates lie inside the package, in a checkout beside it."""
    package = Path(__file__).parents[1]
    packed = package / "_templates"
    return packed if packed.is_dir() else package.parent / "templates"


def _content_security_policy(tool: ToolAddress) -> str:
    """Only the tool may be framed and posted to.

    The LMS's own address stands there too: a browser checks form-action against redirects, and
    the tool answers the login initiation with one to /auth.
    """
    allowed = f"'self' {tool.issuer} {tool.tool_origin}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            f"frame-src {allowed}",
            f"form-action {allowed}",
            f"frame-ancestors 'self' {tool.issuer}",
            "base-uri 'none'",
        )
    )


def _show_error(error: HTTPException) -> AnyResponse:
    """Answer people with a page in Dutch, machines with JSON."""
    if error.response is not None:
        return error.get_response()
    if request.path.startswith(FOR_MACHINES):
        return refusal_as_json(error)
    status = error.code or 500
    title, text = ERRORS.get(status, OTHER_ERROR)
    if error.description and error.description != type(error).description:
        text = error.description
    page = render_template("demo_lms/error.html", title=title, text=text)
    return Response(page, status=status)

"""The LTI endpoints: login initiation, launch, key set, and the page in a new tab."""

import structlog
from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.access import open_to_all
from lti_tool.enrolments import Enrolled, enrol
from lti_tool.errands import errand_of
from lti_tool.lti.claims import Launch, LaunchRefused
from lti_tool.lti.cookies import delete_cookie, set_cookie, state_cookie_name
from lti_tool.lti.keys import ensure_key, key_set
from lti_tool.lti.message import Received, begin_login, receive_launch
from lti_tool.lti.roles import LaunchRole
from lti_tool.lti.state import LIFETIME
from lti_tool.models import Proof, db, writes
from lti_tool.sessions import (
    CONFIRM_LIFETIME,
    PENDING_COOKIE,
    begin_pending,
    begin_session,
    open_pending,
    take_pending,
)

lti = Blueprint("lti", __name__, url_prefix="/lti")
log = structlog.get_logger("launch")


@lti.route("/login", methods=["GET", "POST"])
@lti.route("/login/<login_path>", methods=["GET", "POST"])
@open_to_all
@writes
def login(login_path: str = "") -> AnyResponse:
    """Answer the platform's login initiation (OIDC third-party login, LTI 1.3 core 5.1.1)."""
    begun = begin_login(current_app.config["LOB"].base_url + url_for("lti.launch"), login_path)
    db.session.commit()
    response = make_response(redirect(begun.address, 302))
    set_cookie(
        response,
        state_cookie_name(begun.state),
        begun.proof,
        path="/lti/launch",
        seconds=int(LIFETIME.total_seconds()),
    )
    return response


@lti.post("/launch")
@open_to_all
def launch() -> AnyResponse:
    """Receive the launch, enrol, and go to the first page of this person."""
    if "error" in request.form:
        raise LaunchRefused("platform_error", request.form["error"][:80])
    received = receive_launch()
    launch = received.launch
    log.info("launch", verdict="accepted", role=launch.role, issuer=launch.issuer)
    if launch.role in {LaunchRole.ADMINISTRATOR, LaunchRole.NONE}:
        db.session.commit()
        name = "administrator" if launch.role is LaunchRole.ADMINISTRATOR else "no_role"
        return _page(f"lti/{name}.html", return_url=launch.return_url)
    if launch.deep_linking and launch.role is not LaunchRole.TEACHER:
        db.session.commit()
        return _page("lti/only_teachers.html", return_url=launch.return_url)
    enrolled = enrol(launch, received.begun.registration)
    response = (
        _to_first_page(enrolled, launch)
        if received.browser_known
        else _to_new_tab(enrolled, received)
    )
    delete_cookie(response, state_cookie_name(request.form.get("state", "")), path="/lti/launch")
    return response


@lti.get("/jwks.json")
@open_to_all
def jwks() -> Response:
    """Our public keys."""
    response = jsonify(key_set())
    response.cache_control.public = True
    response.cache_control.max_age = 300
    return response


@lti.get("/new-tab/<code>")
@open_to_all
@writes
def new_tab(code: str) -> AnyResponse:
    """Ask whether this is the right person, before there is a session."""
    pending, secret = open_pending(code)
    response = _page("lti/confirm.html", enrolment=pending.enrolment, code=code)
    if secret:
        set_cookie(
            response,
            PENDING_COOKIE,
            secret,
            path="/lti/new-tab/",
            seconds=int(CONFIRM_LIFETIME.total_seconds()),
        )
    return response


@lti.post("/new-tab/<code>")
@open_to_all
def confirm_new_tab(code: str) -> AnyResponse:
    """Yes, it is: begin the session in this tab."""
    pending = take_pending(code)
    session = begin_session(
        proof=Proof.NEW_TAB,
        registration_id=pending.enrolment.course.registration_id,
        enrolment_id=pending.enrolment_id,
        round_id=pending.round_id,
        return_url=pending.return_url,
        errand=pending.errand,
    )
    db.session.commit()
    return session.bind(make_response(redirect(url_for("start.start", session_id=session.id), 303)))


def _to_first_page(enrolled: Enrolled, launch: Launch) -> Response:
    session = begin_session(
        proof=Proof.COOKIE,
        registration_id=enrolled.course.registration_id,
        enrolment_id=enrolled.enrolment.id,
        round_id=enrolled.round.id if enrolled.round else None,
        return_url=launch.return_url,
        errand=errand_of(launch, enrolled.round),
    )
    db.session.commit()
    return session.bind(make_response(redirect(url_for("start.start", session_id=session.id), 303)))


def _to_new_tab(enrolled: Enrolled, received: Received) -> Response:
    """Nothing about the person is shown before the browser gave proof."""
    code = begin_pending(
        enrolment_id=enrolled.enrolment.id,
        round_id=enrolled.round.id if enrolled.round else None,
        return_url=received.launch.return_url,
        errand=errand_of(received.launch, enrolled.round),
        proof_hash=received.begun.proof_hash,
        storage_target=received.begun.storage_target,
    )
    db.session.commit()
    return _page("lti/open_new_tab.html", code=code)


def _page(template: str, **context: object) -> Response:
    return make_response(render_template(template, **context))


def prepare_keys() -> None:
    """Make the signing key when there is none; called once when a server starts."""
    ensure_key()
    db.session.commit()

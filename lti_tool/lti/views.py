"""The LTI endpoints: login initiation, launch and key set."""

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
from lti_tool.administration import launch_facts
from lti_tool.enrolments import Enrolled, enrol, enrol_administrator, leave
from lti_tool.errands import errand_of
from lti_tool.languages import language_of, speak
from lti_tool.lti.browser import keep_page, may_lose_cookies, prove_page
from lti_tool.lti.claims import Launch
from lti_tool.lti.cookies import delete_cookie, set_cookie, state_cookie_name
from lti_tool.lti.keys import KEY_SET_SECONDS, ensure_key, key_set
from lti_tool.lti.login import begin_login
from lti_tool.lti.message import Received, receive_launch
from lti_tool.lti.roles import LaunchRole
from lti_tool.lti.state import LIFETIME
from lti_tool.metrics import count_launch
from lti_tool.models import Proof, db, writes_alone
from lti_tool.sessions import Opened, begin_pending, begin_session
from lti_tool.start import first_page

lti = Blueprint("lti", __name__, url_prefix="/lti")
log = structlog.get_logger("launch")


@lti.route("/login", methods=["GET", "POST"])
@lti.route("/login/<login_path>", methods=["GET", "POST"])
@open_to_all
@writes_alone
def login(login_path: str = "") -> AnyResponse:
    """Answer the platform's login initiation (OIDC third-party login, LTI 1.3 core 5.1.1).

    A browser that may not return cookies first keeps its proof in a storage, on a page.
    """
    begun = begin_login(current_app.config["LOB"].base_url + url_for("lti.launch"), login_path)
    answer = keep_page(begun) if may_lose_cookies(begun) else redirect(begun.address, 302)
    response = make_response(answer)
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
    received = receive_launch()
    found = received.launch
    speak(language_of(found.locale))
    page = _page_instead(found)
    opened, enrolled = (None, None) if page else _opened(received)
    if opened and found.deep_linking and opened.enrolment_id is None:
        page = "only_teachers"
    reason = page or ("administrator" if found.role is LaunchRole.ADMINISTRATOR else "enrolled")
    log.info("launch", verdict="accepted", reason=reason, role=found.role, issuer=found.issuer)
    count_launch("accepted", reason)
    if page or opened is None:
        if found.role in {LaunchRole.OBSERVER, LaunchRole.NONE}:
            leave(found, received.begun.registration)
        db.session.commit()
        return make_response(render_template(f"lti/{page}.html", return_url=found.return_url))
    if received.browser_known:
        session = begin_session(opened, Proof.COOKIE)
        address = first_page(session.id, enrolled, plain=not found.round_key)
        db.session.commit()
        response = session.bind(make_response(redirect(address, 303)))
    else:
        code = begin_pending(opened, received.begun.proof_hash)
        db.session.commit()
        response = prove_page(code, request.form["state"], received.begun)
    delete_cookie(response, state_cookie_name(request.form["state"]), path="/lti/launch")
    return response


@lti.get("/jwks.json")
@open_to_all
def jwks() -> Response:
    """Our public keys."""
    response = jsonify(key_set())
    response.cache_control.public = True
    response.cache_control.max_age = KEY_SET_SECONDS
    return response


def _page_instead(launch: Launch) -> str:
    """The friendly page for whoever has nothing to do here; "" for all others."""
    if launch.role is LaunchRole.ADMINISTRATOR:
        return ""
    pages = {LaunchRole.OBSERVER: "observer", LaunchRole.NONE: "no_role"}
    if launch.role in pages or not launch.context_id:
        return pages.get(launch.role, "no_course")
    return "only_teachers" if launch.deep_linking and launch.role is LaunchRole.PUPIL else ""


def _opened(received: Received) -> tuple[Opened, Enrolled | None]:
    """Enrol who has a place in the course; an administrator gets the facts of this launch."""
    launch, registration = received.launch, received.begun.registration
    if launch.role is LaunchRole.ADMINISTRATOR:
        enrolment_id = enrol_administrator(launch, registration)
        return Opened(
            registration_id=registration.id,
            enrolment_id=enrolment_id,
            facts=launch_facts(launch),
            errand=errand_of(launch, None) if launch.deep_linking and enrolment_id else None,
            language=language_of(launch.locale),
            return_url=launch.return_url,
        ), None
    enrolled = enrol(launch, registration)
    return Opened(
        registration_id=registration.id,
        enrolment_id=enrolled.enrolment_id,
        round_id=enrolled.round_id,
        errand=errand_of(launch, enrolled.round_id),
        language=language_of(launch.locale),
        return_url=launch.return_url,
    ), enrolled


def prepare_keys() -> None:
    """Make the signing key when there is none; called once when a server starts."""
    ensure_key()
    db.session.commit()

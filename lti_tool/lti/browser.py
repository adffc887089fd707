"""Is this the browser the login began in? Where no cookie comes back, other proof is asked.

In order: the cookie of the state; the platform's storage (1EdTech LTI client-side postMessages
and platform storage, `lti_storage_target`); the frame's own sessionStorage; and last a page that
opens the tool in a new tab, where it asks whether this is the right person. Nothing about the
person is shown before one of them worked.
"""

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.access import open_to_all
from lti_tool.languages import speak
from lti_tool.lti.addresses import origin_of
from lti_tool.lti.cookies import set_cookie, state_cookie_name
from lti_tool.lti.login import Login
from lti_tool.lti.platform import Platform
from lti_tool.lti.state import Begun
from lti_tool.models import Proof, db, writes
from lti_tool.own_pages import page_below
from lti_tool.school_words import use_words_of
from lti_tool.sessions import (
    CONFIRM_LIFETIME,
    PENDING_COOKIE,
    Opened,
    begin_session,
    csrf_secret_of,
    open_pending,
    prove_pending,
    take_pending,
)

browser = Blueprint("browser", __name__, url_prefix="/lti")

COOKIES_WORK = "lob-cookies-work"
COOKIES_WORK_SECONDS = 30 * 24 * 3600
STORAGES = {"platform": Proof.PLATFORM_STORAGE, "frame": Proof.FRAME_STORAGE}


def may_lose_cookies(login: Login) -> bool:
    """Whether this browser, in this place, may not return the cookie of the state.

    Once one of our cookies came back in a frame of this platform, they work there. A page of its
    own (not a frame) always has them. Browsers too old to say where they load are asked to keep
    the proof; a program that is no browser could not.
    """
    if COOKIES_WORK in request.cookies:
        return False
    place = request.headers.get("Sec-Fetch-Dest")
    if place is not None:
        return place != "document"
    return bool(login.storage_target) or request.headers.get("User-Agent", "").startswith("Mozilla")


def keep_page(login: Login) -> Response:
    """The page that keeps the proof in the storages there are, and then goes on by itself."""
    page = render_template(
        "lti/keep.html",
        address=login.address,
        name=state_cookie_name(login.state),
        proof=login.proof,
        storage_target=login.storage_target,
        storage_origin=storage_origin(login.registration),
    )
    response = make_response(page)
    set_cookie(response, COOKIES_WORK, "1", path="/lti/login", seconds=COOKIES_WORK_SECONDS)
    return response


def prove_page(code: str, state: str, begun: Begun) -> Response:
    """The page that looks for the proof in the storages, and else offers a new tab."""
    session["csrf_token"] = csrf_secret_of(code)  # this page's own address names no code
    page = render_template(
        "lti/prove.html",
        code=code,
        name=state_cookie_name(state),
        storage_target=begun.storage_target,
        storage_origin=storage_origin(begun.registration),
    )
    return make_response(page)


def storage_origin(registration: Platform) -> str:
    """Whose answers about storage we believe: the origin of the platform's OIDC endpoint."""
    return origin_of(registration.auth_login_url)


@browser.post("/prove/<code>")
@open_to_all
def prove(code: str) -> AnyResponse:
    """Begin the session when the storage gave back the secret of this login."""
    storage = STORAGES.get(request.form.get("storage", ""))
    opened = prove_pending(code, request.form.get("proof", "")) if storage else None
    if storage is None or opened is None:
        return make_response(render_template("lti/open_new_tab.html", code=code))
    return _begin(opened, storage)


@browser.get("/new-tab/<code>")
@open_to_all
@writes
def new_tab(code: str) -> AnyResponse:
    """Ask whether this is the right person, before there is a session."""
    pending, secret = open_pending(code)
    speak(pending.language)
    use_words_of(pending)
    response = make_response(
        render_template(
            "lti/confirm.html",
            enrolment=pending.enrolment,
            code=code,
            page=request.args.get("page", ""),
        )
    )
    if secret:
        set_cookie(
            response,
            PENDING_COOKIE,
            secret,
            path=url_for("browser.new_tab", code=code),  # of this launch; another may be open
            seconds=int(CONFIRM_LIFETIME.total_seconds()),
        )
    return response


@browser.post("/new-tab/<code>")
@open_to_all
def confirm_new_tab(code: str) -> AnyResponse:
    """Yes, it is: begin the session in this tab."""
    return _begin(take_pending(code), Proof.NEW_TAB, request.form.get("page", ""))


def _begin(opened: Opened, proof: Proof, page: str = "") -> Response:
    """Begin at the first page, or at `page` when that is one: an address below a session."""
    new = begin_session(opened, proof)
    db.session.commit()
    address = page_below(new.id, page) or url_for("start.start", session_id=new.id)
    return new.bind(make_response(redirect(address, 303)))

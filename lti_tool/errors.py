"""Every refusal is a page in Dutch that says what happened and what to do, and one log line.

Typed text is never lost: whatever a refused form carried is shown back, to copy or to keep.
"""

import re
from http import HTTPStatus

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from lti_tool.launch_refusals import Trouble, refusal
from lti_tool.lti.claims import LaunchRefused
from lti_tool.metrics import count_launch
from lti_tool.models import db
from lti_tool.sessions import SessionEnded
from lti_tool.typed import typed_text

log = structlog.get_logger("refused")

OPENS_THINGS = re.compile(r"^/(s|lti/new-tab|lti/prove)/[^/]+")
"""A path that names a session or a one-time code, also where no route matched it."""

SESSION = re.compile(r"^/s/([^/]+)")
WINDOW_SECONDS = 60
"""After so long, whoever asked too often (`rate_limits.py`) is welcome again."""


def install(app: Flask) -> None:
    """Answer every exception that can reach a person."""
    app.register_error_handler(LaunchRefused, launch_refused)
    app.register_error_handler(SessionEnded, session_ended)
    app.register_error_handler(CSRFError, token_lost)
    app.register_error_handler(OperationalError, database_busy)
    app.register_error_handler(IntegrityError, somebody_was_first)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(Exception, unexpected)


def launch_refused(error: LaunchRefused) -> Response:
    """A launch that failed; `launch_refusals.py` has the words."""
    db.session.rollback()
    log.warning("launch", verdict="refused", reason=error.reason, detail=error.detail)
    count_launch("refused", error.reason)
    page = refusal(error.reason, error.detail)
    return _page(page.trouble, page.status, error.reason if page.for_helpdesk else "")


def session_ended(error: SessionEnded) -> Response:
    """The session is over, or belongs to another browser."""
    db.session.rollback()
    _log(error.reason, 401)
    course = error.course_title or _("je cursus")
    trouble = Trouble(
        _("Je sessie is afgelopen"),
        _("Je bent hier te lang niet geweest, of je opende deze pagina in een andere browser."),
        _("Open het loopbaangesprek opnieuw via %(course)s.", course=course),
    )
    if wants_json():
        return make_response(
            jsonify(error="session_ended", course=course, return_url=error.return_url), 401
        )
    return _page(trouble, 401, return_url=error.return_url)


def token_lost(error: CSRFError) -> Response:
    """The form came without its token, or with another one."""
    _log("csrf: " + str(error.description), 400)
    trouble = Trouble(
        _("Opslaan is niet gelukt"),
        _("We konden niet nagaan of dit formulier van jou kwam. Er is niets opgeslagen."),
        _("Ga terug, herlaad de pagina en probeer het nog eens."),
    )
    if wants_json():
        return make_response(jsonify(error="token_lost"), 400)
    return _page(trouble, 400)


def database_busy(error: OperationalError) -> Response:
    """Another request held the database too long."""
    db.session.rollback()
    _log("database: " + type(error.orig).__name__, 503)
    trouble = Trouble(
        _("Het is even te druk"),
        _("We konden je verzoek nu niet verwerken. Er is niets opgeslagen."),
        _("Wacht een paar tellen en probeer het nog eens."),
    )
    if wants_json():
        return make_response(jsonify(error="busy"), 503)
    return _page(trouble, 503)


def somebody_was_first(error: IntegrityError) -> Response:
    """Another request made the same record at the same moment, or removed what this one needs."""
    db.session.rollback()
    _log("conflict: " + type(error.orig).__name__, 409)
    trouble = Trouble(
        _("Iemand was je net voor"),
        _("Op hetzelfde moment werd hier iets anders opgeslagen. Van jou is niets opgeslagen."),
        _("Ga terug, herlaad de pagina en kijk wat er nu staat."),
    )
    if wants_json():
        return make_response(jsonify(error="conflict"), 409)
    return _page(trouble, 409)


def http_error(error: HTTPException) -> Response:
    """Not found, not allowed, too large, wrong method."""
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    db.session.rollback()
    _log(str(error.description)[:60], status)
    answer = jsonify(error=error.name) if wants_json() else _page(_trouble(status), status)
    answer.status_code = status
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers["Retry-After"] = str(WINDOW_SECONDS)
    return answer


def unexpected(error: Exception) -> Response:
    """A mistake of ours: logged with its trace, shown without."""
    db.session.rollback()
    log.error("refused", status=500, path=safe_path(), exc_info=error)
    if wants_json():
        return make_response(jsonify(error="unexpected"), 500)
    return _page(_trouble(500), 500)


def _trouble(status: int) -> Trouble:
    known = {
        403: Trouble(
            _("Deze pagina is niet voor jou"),
            _("Je hebt in deze cursus een andere rol dan deze pagina vraagt."),
            _("Ga terug naar je eigen pagina."),
        ),
        404: Trouble(
            _("Deze pagina is er niet"),
            _("De pagina bestaat niet, of hoort bij iemand anders."),
            _("Ga terug naar je eigen pagina, of open het loopbaangesprek via je cursus."),
        ),
        405: Trouble(
            _("Zo kun je deze pagina niet openen"),
            _("Deze pagina werkt alleen vanuit een formulier."),
            _("Ga terug en gebruik de knop, of open het loopbaangesprek opnieuw via je cursus."),
        ),
        409: Trouble(
            _("Dit kan nu niet"),
            _("Het gesprek is nog niet begonnen, of het is al afgesloten."),
            _("Ga terug naar je beginpagina en kijk hoe het gesprek ervoor staat."),
        ),
        413: Trouble(
            _("Dat is te veel tekst"),
            _("Wat je stuurde is groter dan we kunnen bewaren."),
            _("Ga terug, maak je tekst korter en sla hem opnieuw op."),
        ),
        429: Trouble(
            _("Dat ging te vaak achter elkaar"),
            _("Deze pagina is in korte tijd heel vaak gevraagd. Daarom wachten we even."),
            _("Wacht een minuut en probeer het dan nog eens."),
        ),
    }
    if status < 500:
        return known.get(
            status,
            Trouble(
                _("Dat begrepen we niet"),
                _("Je browser stuurde iets wat we niet konden lezen."),
                _("Ga terug en probeer het nog eens."),
            ),
        )
    return Trouble(
        _("Er ging iets mis bij ons"),
        _("Dat ligt niet aan jou. We hebben de fout genoteerd."),
        _("Probeer het over een paar minuten nog eens."),
    )


def wants_json() -> bool:
    """Whether our own script asks, which handles the answer itself."""
    return request.headers.get("X-Requested-With") == "autosave"


def safe_path() -> str:
    """The path without the session id or the one-time code in it."""
    return OPENS_THINGS.sub(r"/\1/…", request.path)


def _log(reason: str, status: int) -> None:
    log.warning("refused", reason=reason, status=status, path=safe_path(), method=request.method)


def _page(trouble: Trouble, status: int, code: str = "", return_url: str = "") -> Response:
    return_url = return_url or _way_back()
    page = render_template(
        "errors/error.html",
        trouble=trouble,
        code=code,
        return_url=return_url,
        typed=typed_text(),
        local_key="",  # the script must not think that a form arrived
        start_url="" if status == 401 else _start(),
    )
    return make_response(page, status)


def _start() -> str:
    """The first page of the session that the path names, also where nobody looked who asks."""
    session = SESSION.match(request.path)
    return url_for("start.start", session_id=session[1]) if session else ""


def _way_back() -> str:
    """The course's address; when it can no longer be read, the page names nothing of the visit."""
    if "visit" not in g:
        return ""
    try:
        address: str = g.visit.session.return_url
    except SQLAlchemyError:
        db.session.rollback()
        del g.visit
        return ""
    return address

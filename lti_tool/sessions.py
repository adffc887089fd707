"""Launch sessions: `/s/<256-bit id>/…` names one launch, a cookie with that path binds it.

Only hashes are stored. The id alone opens nothing: the cookie is demanded on every request from
the first time it came back; until then, after proof from a storage, the user agent binds.
"""

import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, has_request_context, request
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import joinedload

from lti_tool.languages import speak
from lti_tool.lti.cookies import set_cookie
from lti_tool.lti.state import digest, new_secret
from lti_tool.models import (
    Enrolment,
    Language,
    LaunchSession,
    PendingLaunch,
    Proof,
    Registration,
    db,
    now,
    table_of,
    write_aside,
)
from lti_tool.school_words import use_words_of
from lti_tool.times import EveryWhile
from lti_tool.who_asks import SessionFacts, facts_of

COOKIE = "lob-session"
PENDING_COOKIE = "lob-new-tab"
CODE_LIFETIME = timedelta(seconds=60)
CONFIRM_LIFETIME = timedelta(minutes=10)
TOUCH_AFTER = timedelta(minutes=1)
IDLE_WITHOUT_COOKIE = timedelta(minutes=30)
FROM_STORAGE = frozenset({Proof.PLATFORM_STORAGE, Proof.FRAME_STORAGE})
cleaning = EveryWhile(seconds=300)

# Built once: every launch ends with it.
BEGIN = insert(table_of(LaunchSession))
cleaning_pending = EveryWhile(seconds=60)


class SessionEnded(Exception):
    """No session opens this page; `reason` is for the log, `course` for the way back."""

    def __init__(self, reason: str, return_url: str = "", course_title: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.return_url = return_url
        self.course_title = course_title


@dataclass(frozen=True)
class NewSession:
    """A session that was just made: its id for the path, its secret for the cookie."""

    id: str
    secret: str

    def bind(self, response: Response) -> Response:
        """Give the browser its half."""
        set_cookie(response, COOKIE, self.secret, path=f"/s/{self.id}/", seconds=None)
        return response


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a launch opened: whose session it becomes, and where.

    An administrator has the facts of the launch, and an enrolment only when the roster lists
    them as a teacher.
    """

    registration_id: int
    enrolment_id: int | None = None
    round_id: int | None = None
    facts: dict[str, Any] | None = None
    errand: dict[str, Any] | None = None
    """What the launch asked beside opening a round; see `errands.py`."""
    language: Language = Language.DUTCH
    return_url: str
    created_at: datetime | None = None
    """When the visit began that this goes on with, in a tab of its own; None for a new one."""


def begin_session(opened: Opened, proof: Proof) -> NewSession:
    """Add a session row; now and then, clear those past their time. The caller commits.

    After proof from a storage the browser may never return our cookie; then the session is bound
    to the user agent until a cookie comes back.
    """
    if cleaning.is_due():
        longest = timedelta(minutes=current_app.config["LOB"].session_maximum_minutes)
        db.session.execute(
            delete(LaunchSession).where(LaunchSession.created_at < now() - 2 * longest)
        )
    new = NewSession(id=new_secret(), secret=new_secret())
    moment = now()
    db.session.execute(
        BEGIN,
        {
            "id_hash": digest(new.id),
            "cookie_hash": digest(new.secret),
            "cookie_seen": proof not in FROM_STORAGE,
            "user_agent_hash": _user_agent_hash(),
            "proof": proof,
            "seen_at": moment,
            **vars(opened),
            "created_at": opened.created_at or moment,
        },
    )
    return new


def find_session(session_id: str) -> SessionFacts:
    """Return the live session with person, course and platform, in one statement.

    Raises SessionEnded when there is none, when the browser is another, or when its time is over.
    """
    session = facts_of(digest(session_id))
    if session is None:
        raise SessionEnded("unknown_session")
    _check_browser(session)
    enrolment = session.enrolment
    speak((enrolment and enrolment.person.language) or session.language)
    use_words_of(session)
    way_back = {
        "return_url": session.return_url,
        "course_title": enrolment.course.title if enrolment else "",
    }
    settings = current_app.config["LOB"]
    moment = now()
    idle = timedelta(minutes=settings.session_idle_minutes)
    if not session.cookie_seen:
        idle = min(idle, IDLE_WITHOUT_COOKIE)
    if moment - session.seen_at > idle:
        raise SessionEnded("idle_too_long", **way_back)
    if moment - session.created_at > timedelta(minutes=settings.session_maximum_minutes):
        raise SessionEnded("session_too_old", **way_back)
    if enrolment and enrolment.ended_at:
        raise SessionEnded("enrolment_ended", **way_back)
    if session.registration.disabled_at:
        raise SessionEnded("platform_disabled")
    return session


def _check_browser(session: SessionFacts) -> None:
    """The cookie binds a session to its browser; until the first one came, the user agent does."""
    cookie = request.cookies.get(COOKIE, "")
    if hmac.compare_digest(digest(cookie), session.cookie_hash):
        if not session.cookie_seen:
            write_aside(
                update(LaunchSession).where(LaunchSession.id == session.id).values(cookie_seen=True)
            )
        return
    if session.cookie_seen or _user_agent_hash() != session.user_agent_hash:
        raise SessionEnded("session_of_other_browser")


def _user_agent_hash() -> str:
    return digest(request.headers.get("User-Agent", "") if has_request_context() else "")


def touch(session: SessionFacts) -> None:
    """Note that the session is in use, once a minute, apart from the page's own transaction."""
    if now() - session.seen_at > TOUCH_AFTER:
        write_aside(
            update(LaunchSession).where(LaunchSession.id == session.id).values(seen_at=now())
        )


def csrf_secret(path: str, link: str = "") -> str:
    """The CSRF secret of a path: from the session id or new-tab code in it, or a registration link.

    It needs no row, so a form posted after its session ended is still known to be ours.
    """
    parts = path.split("/")
    if len(parts) > 3 and parts[1] == "s":
        source = parts[2]
    elif path.startswith(("/lti/new-tab/", "/lti/prove/")):
        source = parts[3]
    elif path == "/lti/register" and link:
        source = link
    else:
        return ""
    return csrf_secret_of(source)


def csrf_secret_of(source: str) -> str:
    """The CSRF secret of one session id or code."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"csrf " + source.encode(), hashlib.sha256).hexdigest()


def begin_pending(opened: Opened, proof_hash: str) -> str:
    """Store a launch whose browser is not known yet; return its code: once, for 60 seconds."""
    if cleaning_pending.is_due():
        db.session.execute(delete(PendingLaunch).where(PendingLaunch.expires_at < now()))
    code = new_secret()
    db.session.add(
        PendingLaunch(
            code_hash=digest(code),
            proof_hash=proof_hash,
            expires_at=now() + CODE_LIFETIME,
            **asdict(opened),
        )
    )
    return code


def prove_pending(code: str, secret: str) -> Opened | None:
    """Consume the code when `secret` is what this browser was given at its login.

    None when it is not, or when the code was used: a new tab may still be possible. The caller
    commits.
    """
    row = db.session.execute(
        delete(PendingLaunch)
        .where(
            PendingLaunch.code_hash == digest(code),
            PendingLaunch.proof_hash == digest(secret),
            PendingLaunch.cookie_hash.is_(None),
            PendingLaunch.expires_at >= now(),
        )
        .returning(PendingLaunch)
    ).scalar_one_or_none()
    return _opened(row) if row else None


def open_pending(code: str) -> tuple[PendingLaunch, str | None]:
    """Open the code in this browser: return the row, and the cookie value to set the first time.

    A reload shows the page again to the browser that opened it, and to no other. Raises
    SessionEnded.
    """
    moment, secret = now(), secrets.token_urlsafe(32)
    opened = db.session.execute(
        update(PendingLaunch)
        .where(
            PendingLaunch.code_hash == digest(code),
            PendingLaunch.cookie_hash.is_(None),
            PendingLaunch.expires_at >= moment,
        )
        .values(cookie_hash=digest(secret), expires_at=moment + CONFIRM_LIFETIME)
        .returning(PendingLaunch.id)
    ).scalar_one_or_none()
    db.session.commit()
    return _pending(code, secret if opened else None), (secret if opened else None)


def take_pending(code: str) -> Opened:
    """Consume the opened code of this browser; the caller commits. Raises SessionEnded."""
    pending = _pending(code, None)
    db.session.delete(pending)
    return _opened(pending)


def _opened(pending: PendingLaunch) -> Opened:
    return Opened(
        created_at=pending.created_at,
        registration_id=pending.registration_id,
        enrolment_id=pending.enrolment_id,
        round_id=pending.round_id,
        facts=pending.facts,
        errand=pending.errand,
        language=pending.language,
        return_url=pending.return_url,
    )


def _pending(code: str, secret: str | None) -> PendingLaunch:
    row = db.session.scalars(
        select(PendingLaunch)
        .where(PendingLaunch.code_hash == digest(code), PendingLaunch.expires_at >= now())
        .options(
            joinedload(PendingLaunch.registration).joinedload(Registration.words),
            joinedload(PendingLaunch.enrolment).joinedload(Enrolment.person),
            joinedload(PendingLaunch.enrolment).joinedload(Enrolment.course),
        )
    ).one_or_none()
    if row is None:
        raise SessionEnded("code_used_or_expired")
    held = secret or request.cookies.get(PENDING_COOKIE, "")
    if row.cookie_hash is None or not hmac.compare_digest(row.cookie_hash, digest(held)):
        raise SessionEnded("code_of_other_browser")
    return row

"""A teacher sends: rows and outbox in one transaction; and the worker's job for each mail."""

from datetime import datetime
from urllib.parse import urlsplit

import structlog
from flask import current_app
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from lti_tool.background import Job, ask, leave_database
from lti_tool.mail.facts import facts_of, name_of
from lti_tool.mail.message import build
from lti_tool.mail.recipients import recipients, wanted
from lti_tool.mail.server import deliver
from lti_tool.mail.texts import body, subject
from lti_tool.models import (
    Conversation,
    Enrolment,
    Mail,
    MailAddress,
    Mailing,
    MailKind,
    MailState,
    Role,
    Round,
    Task,
    db,
    now,
)
from lti_tool.school_words import speaking
from lti_tool.settings import Settings, sender
from lti_tool.times import today
from lti_tool.who_asks import EnrolmentFacts

log = structlog.get_logger("mail")


def send(
    kind: MailKind, round_: Round, teacher: Enrolment | EnrolmentFacts, pupil_id: int | None = None
) -> int:
    """Mail everybody it is for, and return how many that is. Writes in the caller's transaction.

    Two clicks at once: the second waits here for the first, and then finds nobody left.
    """
    mailing = _todays(kind, round_)
    found = recipients(kind, round_, teacher, today=mailing.day, pupil_id=pupil_id)
    if not found.reached:
        return 0
    mailing.sent_by_id = teacher.id
    mailing.without_address = max(mailing.without_address, len(found.without_address))
    again = {
        mail.enrolment_id: mail
        for mail in db.session.scalars(select(Mail).where(Mail.mailing_id == mailing.id))
    }
    mails = []
    for pupil in found.reached:
        mail = again.get(pupil.id) or Mail(mailing_id=mailing.id, enrolment_id=pupil.id)
        mail.state, mail.reason, mail.created_at = MailState.WAITING, "", now()
        db.session.add(mail)
        mails.append(mail)
    db.session.flush()
    for mail in mails:
        ask(Task.SEND_MAIL, mail.id)
    return len(mails)


def _todays(kind: MailKind, round_: Round) -> Mailing:
    """The round's mailing of today, made and held so that nobody else sends at the same moment."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    key = {"round_id": round_.id, "kind": kind, "day": today()}
    values = {**key, "without_address": 0, "created_at": now()}
    db.session.execute(insert(Mailing).values(values).on_conflict_do_nothing())
    return db.session.scalars(select(Mailing).filter_by(**key).with_for_update()).one()


def attempt(mail_id: int) -> None:
    """Send one mail, unless it is no longer wanted. Raises MailFailed."""
    mail = db.session.get(Mail, mail_id)
    if mail is None or mail.state is not MailState.WAITING:
        return
    settings: Settings = current_app.config["LOB"]
    server, mailing = settings.mail_server, db.session.get_one(Mailing, mail.mailing_id)
    pupil = db.session.get_one(
        Enrolment,
        mail.enrolment_id,
        options=[joinedload(Enrolment.person), joinedload(Enrolment.course)],
    )
    address = db.session.scalar(
        select(MailAddress.address).where(MailAddress.person_id == pupil.person_id)
    )
    registration = pupil.course.registration
    may_mail = server and registration.mails and registration.disabled_at is None
    reason = "" if may_mail else "mail_off"
    reason = reason or _no_longer(mailing, pupil) or ("" if address else "no_address")
    if server is None or address is None or reason:
        mail.state, mail.reason = MailState.DROPPED, reason
        db.session.commit()
        return
    with speaking(registration.words):
        teacher, round_ = name_of(mailing.sent_by_id), db.session.get_one(Round, mailing.round_id)
        facts = facts_of(mailing.kind, round_, pupil.course, teacher=teacher, pupil=pupil)
        host = urlsplit(settings.base_url).hostname
        message = build(
            subject(facts),
            body(facts),
            to=address,
            sender=sender(settings.mail_from),
            message_id=f"<mail-{mail.id}-{mail.created_at.timestamp():.0f}@{host}>",
        )
    name = f"{mail.created_at:%Y%m%dT%H%M%S}-{mailing.kind.value}-{mail.id}"
    leave_database()
    deliver(server, message, name=name)
    mail = db.session.get_one(Mail, mail_id)
    mail.state, mail.reason, mail.sent_at = MailState.SENT, "", now()
    db.session.commit()
    log.info("mail", verdict="sent", mail=mail_id)


def _no_longer(mailing: Mailing, pupil: Enrolment) -> str:
    """Why this mail is not wanted any more, in one word."""
    if pupil.role is not Role.PUPIL or not pupil.active or pupil.person.test_user:
        return "left"
    still = select(Conversation.id).where(
        Conversation.round_id == mailing.round_id,
        Conversation.pupil_id == pupil.id,
        wanted(mailing.kind),
    )
    return "" if db.session.scalar(still) else "not_needed"


def failed(mail_id: int, reason: str, again_at: datetime | None) -> None:
    """Remember why; the round's page shows what failed for good."""
    mail = db.session.get(Mail, mail_id)
    if mail is not None and mail.state is MailState.WAITING:
        mail.reason = reason
        if again_at is None:
            mail.state = MailState.FAILED


JOB = Job(attempt=attempt, failed=failed)

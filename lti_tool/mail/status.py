"""What a round's page says about mail: is it on, what was sent, and what did not arrive."""

import enum
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, case, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from lti_tool.mail.recipients import ON_ITS_WAY, wanted
from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    Mail,
    Mailing,
    MailKind,
    MailState,
    Registration,
    Role,
    Round,
    db,
    now,
)
from lti_tool.who_asks import PlatformFacts

LONG_WAIT, LATELY = timedelta(minutes=5), timedelta(days=7)


class Switch(enum.StrEnum):
    """Whether a teacher of this school can mail."""

    ON = "on"
    OFF = "off"
    """The administrator did not turn it on."""
    NO_SERVER = "no_server"
    """This installation has no mail server at all."""


@dataclass(frozen=True)
class Line:
    """One day's mailing in numbers of pupils."""

    kind: MailKind
    day: date
    without_address: int
    sent: int
    waiting: int
    failed: int
    last_at: datetime | None
    """When the newest of those that wait was asked for."""


@dataclass(frozen=True)
class Failure:
    """A mail that did not arrive."""

    name: str
    kind: MailKind
    why: str


@dataclass(frozen=True)
class MailStatus:
    """For the round's page."""

    switch: Switch
    lines: list[Line]
    failures: list[Failure] = field(default_factory=list)
    waits_long: bool = False


def switch_of(registration: Registration | PlatformFacts) -> Switch:
    """Whether mail goes out for this school."""
    if current_app.config["LOB"].mail_server is None:
        return Switch.NO_SERVER
    return Switch.ON if registration.mails else Switch.OFF


def mail_status(round_: Round, registration: Registration | PlatformFacts) -> MailStatus:
    """Read it, in one statement; in two when something failed."""
    lines = _lines(round_.id)
    waiting = [line.last_at for line in lines if line.last_at]
    return MailStatus(
        switch=switch_of(registration),
        lines=lines,
        failures=_failures(round_.id) if any(line.failed for line in lines) else [],
        waits_long=bool(waiting) and now() - min(waiting) > LONG_WAIT,
    )


def failed_lately(registration_id: int) -> dict[str, int]:
    """How many mails of this school failed in a week, by reason; nothing about whom."""
    rows = db.session.execute(
        select(Mail.reason, func.count())
        .join(Enrolment, Enrolment.id == Mail.enrolment_id)
        .join(Enrolment.course)
        .where(
            Course.registration_id == registration_id,
            Mail.state == MailState.FAILED,
            Mail.created_at > now() - LATELY,
        )
        .group_by(Mail.reason)
    )
    return dict(rows.tuples().all())


def why(reason: str) -> str:
    """What happened to a mail, as one sentence."""
    later = _("De mailserver van de school was te lang niet bereikbaar.")
    return {
        "mail_address": _("De mailserver neemt dit adres niet aan."),
        "mail_refused": _("De mailserver van de school weigert onze mail."),
        "mail_login": _("De mailserver van de school laat ons niet inloggen."),
        "mail_no_tls": _("Met de mailserver van de school lukt geen beveiligde verbinding."),
        "mail_later": later,
        "mail_unreachable": later,
    }.get(reason, _("Het versturen lukte niet. Code voor de beheerder: %(code)s.", code=reason))


_later, _anew = aliased(Mail), aliased(Mailing)


def _lines(round_id: int) -> list[Line]:
    def number(state: MailState) -> ColumnElement[int]:
        return func.count(case((Mail.state == state, 1)))

    rows = db.session.execute(
        select(
            Mailing.kind,
            Mailing.day,
            Mailing.without_address,
            number(MailState.SENT),
            number(MailState.WAITING),
            number(MailState.FAILED),
            func.min(case((Mail.state == MailState.WAITING, Mail.created_at))),
        )
        .join(Mail, Mail.mailing_id == Mailing.id)
        .where(Mailing.round_id == round_id)
        .group_by(Mailing.id, Mailing.kind, Mailing.day, Mailing.without_address)
        .order_by(Mailing.day.desc(), Mailing.id.desc())
    )
    return [Line(*row) for row in rows.tuples()]


def _failures(round_id: int) -> list[Failure]:
    """Of pupils for whom such a mail still has a point, and who got none since."""
    got_one = exists(
        select(_later.id)
        .join(_anew, _anew.id == _later.mailing_id)
        .where(
            _later.enrolment_id == Mail.enrolment_id,
            _later.state.in_(ON_ITS_WAY),
            _anew.round_id == Mailing.round_id,
            _anew.kind == Mailing.kind,
            _anew.id > Mailing.id,
        )
    )
    rows = db.session.execute(
        select(Enrolment, Mailing.kind, Mail.reason)
        .select_from(Mail)
        .join(Mailing, Mailing.id == Mail.mailing_id)
        .join(Enrolment, Enrolment.id == Mail.enrolment_id)
        .join(Enrolment.person)
        .join(
            Conversation,
            (Conversation.pupil_id == Enrolment.id) & (Conversation.round_id == round_id),
        )
        .where(
            Mailing.round_id == round_id,
            Mail.state == MailState.FAILED,
            Enrolment.role == Role.PUPIL,
            Enrolment.ended_at.is_(None),
            or_(*((Mailing.kind == kind) & wanted(kind) for kind in MailKind)),
            ~got_one,
        )
        .options(contains_eager(Enrolment.person))
        .order_by(Mail.id)
    )
    newest = {(pupil.id, kind): (pupil.name, reason) for pupil, kind, reason in rows.tuples()}
    return [Failure(name, kind, why(reason)) for (_id, kind), (name, reason) in newest.items()]

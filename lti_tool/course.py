"""The teacher's course page: every pupil of a round, and one next thing to do for each."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager

from lti_tool import words
from lti_tool.access import Right, requires, visit
from lti_tool.conversations import readable_agreements
from lti_tool.course_services import report_status, roster_status
from lti_tool.enrolled_now import readable_by
from lti_tool.handover import HELD, passed_on_to
from lti_tool.mail.status import mail_status
from lti_tool.models import (
    Agreement,
    Conversation,
    Enrolment,
    OfferedTime,
    Person,
    Preparation,
    Role,
    Round,
    State,
    db,
    now,
    this_school_year,
)
from lti_tool.names import by_family_name
from lti_tool.planning.bookings import TEACHER_STAYS
from lti_tool.records import course_round
from lti_tool.times import clock, day, local_date, school_day, today
from lti_tool.who_asks import EnrolmentFacts

course = Blueprint("course", __name__, url_prefix="/s/<session_id>/rounds")

# Made once: each alias that is made learns its columns anew, which took a fifth of this page.
_pupils_own, _teachers_own = aliased(Preparation), aliased(Preparation)
_here = aliased(Enrolment)


@dataclass
class Row:
    """One pupil as the page shows them."""

    name: str
    href: str
    preparation: tuple[str, str]
    conversation: list[tuple[str, str]]
    named: bool = True
    when: str = ""
    open_agreements: int = 0
    action: str = ""
    action_href: str = ""
    action_kind: str = "secondary"
    also: tuple[str, str] | None = None
    """Something else to do, which may be skipped: its label and address."""
    test_user: bool = False
    sections: tuple[str, ...] = ()
    """Names of the sections (Canvas) the pupil is in; ids mean nothing to a teacher."""
    time: OfferedTime | None = None
    """The time the pupil has for this conversation."""

    @property
    def held(self) -> bool:
        """Whether the conversation is over."""
        return self.conversation[0][1] == "ok"


@course.get("/<int:round_id>")
@requires(Right.COURSE)
def round_page(round_id: int) -> str:
    """Show the round; the number of statements does not grow with the class."""
    round_ = course_round(round_id)
    rows = _rows(round_)
    pupils = [row for row in rows if not row.test_user]
    platform = visit().session.registration
    family = platform.family
    return render_template(
        "course/round.html",
        round=round_,
        rows=rows,
        coming=_coming(rows),
        roster=roster_status(visit().course, family),
        reports=report_status(round_, family),
        mail=mail_status(round_, platform),
        counted=len(pupils),
        sent=sum(1 for row in pupils if row.preparation[1] == "ok"),
        nameless=any(not row.named for row in rows),
        family=family,
        in_sections=len({row.sections for row in pupils}) > 1,
        held=sum(1 for row in pupils if row.held),
    )


def on_its_page(teacher: Enrolment | EnrolmentFacts) -> ColumnElement[bool]:
    """For a query over `Conversation`, its `Round` and the pupil's `Enrolment`: the page's rows.

    Who became a teacher stands there with what was held before that; test users stand apart.
    """
    return and_(
        or_(Enrolment.role == Role.PUPIL, Conversation.state == State.CLOSED),
        readable_by(teacher),
    )


def _rows(round_: Round) -> list[Row]:
    found = db.session.execute(
        select(Conversation, _pupils_own, _teachers_own.shared_at, OfferedTime)
        .join(Conversation.pupil)
        .join(Conversation.round)
        .join(Enrolment.person)
        .outerjoin(
            _pupils_own,
            (_pupils_own.conversation_id == Conversation.id)
            & (_pupils_own.owner_id == Conversation.pupil_id),
        )
        .outerjoin(
            _teachers_own,
            (_teachers_own.conversation_id == Conversation.id)
            & (_teachers_own.owner_id == visit().enrolment.id),
        )
        .outerjoin(OfferedTime, (OfferedTime.conversation_id == Conversation.id) & TEACHER_STAYS)
        .where(Conversation.round_id == round_.id, on_its_page(visit().enrolment))
        .options(contains_eager(Conversation.pupil).contains_eager(Enrolment.person))
        .order_by(Conversation.id)
    ).all()
    found = sorted(found, key=lambda one: _place(one[0].pupil.person))
    open_agreements = _open_agreements(round_.course_id)
    return [
        _row(
            conversation,
            own,
            ready is not None,
            open_agreements.get(conversation.pupil_id, 0),
            time,
        )
        for conversation, own, ready, time in found
    ]


def _coming(rows: list[Row]) -> tuple[str, list[Row]] | None:
    """Whom this teacher talks with today, or else on the first day to come, in order.

    With the day in words. It comes along with the rows of the class.
    """
    mine: dict[date, list[Row]] = defaultdict(list)
    for row in rows:
        if row.time and row.time.teacher_id == visit().enrolment.id:
            on = local_date(row.time.starts_at)
            if on == today() or (on > today() and not row.held):
                mine[on].append(row)
    if not mine:
        return None
    first = min(mine)
    title = _("Vandaag") if first == today() else school_day(first)
    in_order = sorted(mine[first], key=lambda row: row.time.starts_at if row.time else now())
    return title[0].upper() + title[1:], in_order


def _place(person: Person) -> tuple[bool, tuple[str, str]]:
    """Test users come last."""
    return person.test_user, by_family_name(person)


def _open_agreements(course_id: int) -> dict[int, int]:
    """Agreements that nobody settled, of conversations held that this teacher reads, per pupil.

    What a pupil brought along from another course counts here too.
    """
    of_the_course = and_(Round.course_id == course_id, readable_by(visit().enrolment))
    rows = db.session.execute(
        select(_here.id, func.count())
        .select_from(Agreement)
        .join(Conversation, Agreement.conversation_id == Conversation.id)
        .join(Conversation.round)
        .join(Conversation.pupil)
        .join(_here, (_here.person_id == Enrolment.person_id) & (_here.course_id == course_id))
        .where(
            HELD,
            Agreement.settled.is_(None),
            readable_agreements(),
            or_(of_the_course, passed_on_to(visit().course)),
        )
        .group_by(_here.id)
    )
    return dict(rows.tuples().all())


def _row(
    conversation: Conversation,
    own: Preparation | None,
    ready: bool,
    open_agreements: int,
    time: OfferedTime | None,
) -> Row:
    row = Row(
        name=conversation.pupil.name,
        named=bool(conversation.pupil.person.name),
        href=url_for("timeline.of_pupil", enrolment_id=conversation.pupil_id),
        preparation=_preparation(conversation, own),
        conversation=_conversation(conversation, ready),
        open_agreements=open_agreements,
        time=time,
        test_user=conversation.pupil.person.test_user,
        sections=tuple(one for one in conversation.pupil.sections if not one.isdigit()),
    )
    if row.test_user:
        row.conversation.append((_("Testgebruiker"), "warning"))
    here = conversation.id
    if conversation.state == State.CLOSED:
        row.action, row.action_kind = _("Gesprek bekijken"), "subtle"
        row.action_href = url_for("dossier.conversation", conversation_id=here)
        row.when = day(conversation.closed_at) if conversation.closed_at else ""
        if _waits_for_looking_back(conversation):
            address = url_for("reflection.page", conversation_id=here)
            row.also = (_("Jouw reflectie"), address)
    elif conversation.state == State.STARTED:
        row.action, row.action_kind = _("Verdergaan"), "primary"
        row.action_href = url_for("guide.phase", conversation_id=here, phase_key="doel")
    else:
        row.action = _("Gesprek openen") if ready else _("Voorbereiden")
        row.action_href = url_for("teacher_preparation.page", conversation_id=here)
        row.when = _planned(conversation)
        if time and local_date(time.starts_at) == conversation.planned_for:
            row.when = f"{row.when}, {clock(time.starts_at)}"
    return row


def _planned(conversation: Conversation) -> str:
    """The day it is planned for; beside "absent" a day to come would read as when that will be."""
    if conversation.planned_for is None:
        return ""
    on = day(conversation.planned_for)
    if conversation.state != State.PLANNED and conversation.planned_for > today():
        return _("nieuwe datum %(date)s", date=on)
    return on


def _waits_for_looking_back(conversation: Conversation) -> bool:
    """Whether this teacher held it this school year, and neither looked back nor skipped that."""
    return (
        conversation.teacher_id == visit().enrolment.id
        and conversation.reflected_at is None
        and conversation.round.school_year >= this_school_year()
    )


def _preparation(conversation: Conversation, own: Preparation | None) -> tuple[str, str]:
    if own is None:
        held = conversation.state == State.CLOSED
        return (_("Niet ingevuld") if held else _("Niet geopend")), "quiet"
    return (_("Verstuurd"), "ok") if own.shared_at else (_("Begonnen"), "info")


def _conversation(conversation: Conversation, ready: bool) -> list[tuple[str, str]]:
    kind = {
        State.PLANNED: "quiet",
        State.POSTPONED: "warning",
        State.ABSENT: "warning",
        State.STARTED: "info",
        State.CLOSED: "ok",
    }[conversation.state]
    statuses = [(words.state(conversation.state), kind)]
    if ready and conversation.state not in {State.CLOSED, State.STARTED}:
        statuses.append((_("Jij bent klaar"), "info"))
    return statuses

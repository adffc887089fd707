"""Reading: which times there are, who has them, and how it stands for a pupil."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager

from lti_tool.access import visit
from lti_tool.enrolled_now import readable_by
from lti_tool.models import (
    BEFORE_START,
    Conversation,
    Enrolment,
    OfferedTime,
    Role,
    Round,
    db,
    now,
)
from lti_tool.names import by_family_name
from lti_tool.planning.bookings import FREE, TEACHER_STAYS
from lti_tool.times import clock, local_date, school_day

WITH_TEACHER = (
    select(OfferedTime)
    .join(OfferedTime.teacher)
    .join(Enrolment.person)
    .where(TEACHER_STAYS)
    .options(contains_eager(OfferedTime.teacher).contains_eager(Enrolment.person))
    .order_by(OfferedTime.starts_at, OfferedTime.id)
)

Day = tuple[date, list[OfferedTime]]


@dataclass(frozen=True)
class Standing:
    """How it stands for one pupil in one round."""

    booked: OfferedTime | None = None
    called_off: OfferedTime | None = None
    """The last time a teacher called off, as long as no other was chosen."""

    @property
    def sentence(self) -> str:
        """When and where, or what happened; "" when nothing was chosen yet."""
        if self.booked:
            return said(self.booked)
        if self.called_off:
            when = {"day": school_day(self.called_off.starts_at)}
            when["time"] = clock(self.called_off.starts_at)
            return _("Je mentor kan niet op %(day)s om %(time)s uur.", **when)
        return ""

    def may_change(self, conversation: Conversation) -> bool:
        """Whether the pupil may still choose or leave it: not once it is past."""
        if conversation.state not in BEFORE_START:
            return False
        return self.booked is None or self.booked.starts_at > now()


def said(time: OfferedTime) -> str:
    """When and where, for the pupil who has it."""
    facts = {"day": school_day(time.starts_at), "time": clock(time.starts_at)}
    if time.place:
        return _("Je gesprek is op %(day)s om %(time)s uur: %(place)s.", place=time.place, **facts)
    return _("Je gesprek is op %(day)s om %(time)s uur.", **facts)


def standings(conversations: Collection[Conversation]) -> dict[int, Standing]:
    """For each of a pupil's conversations in a round that offers times; asks only for those."""
    ids = [one.id for one in conversations if one.round.offers_times]
    if not ids:
        return {}
    rows = db.session.scalars(
        WITH_TEACHER.where(
            or_(OfferedTime.conversation_id.in_(ids), OfferedTime.called_off_for_id.in_(ids))
        )
        .order_by(None)
        .order_by(OfferedTime.called_off_at)
    ).all()
    booked = {one.conversation_id: one for one in rows if one.conversation_id}
    called_off = {one.called_off_for_id: one for one in rows if one.called_off_for_id}
    return {one: Standing(booked.get(one), called_off.get(one)) for one in ids}


def standing(conversation: Conversation) -> Standing:
    """The same of one."""
    return standings([conversation]).get(conversation.id, Standing())


def free_times(round_id: int) -> list[OfferedTime]:
    """What a pupil can choose from now, with who offers it."""
    to_come = (OfferedTime.round_id == round_id, OfferedTime.starts_at > now())
    return list(db.session.scalars(WITH_TEACHER.where(FREE, *to_come)))


def by_day(times: Iterable[OfferedTime]) -> list[Day]:
    """Grouped by the day at school."""
    return [
        (on, list(group)) for on, group in groupby(times, lambda one: local_date(one.starts_at))
    ]


@dataclass(frozen=True)
class Overview:
    """What a teacher sees of a round."""

    to_come: list[Day]
    past: list[Day]
    pupils: dict[int, Conversation]
    """By conversation, of those who are here, as a class list is sorted."""
    waiting: list[Conversation]
    """Who has no time to come, and whose conversation did not begin."""

    def who(self, time: OfferedTime) -> Conversation | None:
        """Whose it is; nobody's when they left."""
        return self.pupils.get(time.conversation_id or 0)

    def several(self) -> bool:
        """Whether more than one teacher offers times."""
        days = [*self.to_come, *self.past]
        return len({one.teacher_id for _on, times in days for one in times}) > 1

    def mine(self) -> list[OfferedTime]:
        """This teacher's own that somebody has, to come and past."""
        return [
            one
            for _on, times in [*self.past, *self.to_come]
            for one in times
            if one.teacher_id == visit().enrolment.id and self.who(one)
        ]


def overview(round_: Round) -> Overview:
    """Two statements, however many times and pupils."""
    times = db.session.scalars(
        WITH_TEACHER.where(OfferedTime.round_id == round_.id, OfferedTime.called_off_at.is_(None))
    ).all()
    found = db.session.scalars(
        select(Conversation)
        .join(Conversation.pupil)
        .join(Conversation.round)
        .join(Enrolment.person)
        .where(
            Conversation.round_id == round_.id,
            and_(Enrolment.role == Role.PUPIL, readable_by(visit().enrolment)),
        )
        .options(contains_eager(Conversation.pupil).contains_eager(Enrolment.person))
    ).all()
    ordered = sorted(found, key=lambda one: by_family_name(one.pupil.person))
    moment = now()
    to_come = [one for one in times if one.ends_at > moment]
    have = {one.conversation_id for one in to_come}
    return Overview(
        to_come=by_day(to_come),
        past=by_day(one for one in times if one.ends_at <= moment),
        pupils={one.id: one for one in ordered},
        waiting=[one for one in ordered if one.state in BEFORE_START and one.id not in have],
    )

"""How many pupils of each class and round are how far; nothing of groups that are too small.

A number about two pupils is a fact about persons. So of a group of fewer than `SMALLEST` pupils
nothing is shown but that it is small: no number of its own, and no part in any sum. What is shown
then does not depend on it at all, so nothing can be worked out by taking one sum from another;
hiding the cell alone would leave it in the total. (Statistics Netherlands and Eurostat call it a
minimum frequency; leaving the group out of the sums takes the place of secondary suppression.)

Within a group that is large enough all numbers are shown, small ones too: "28 of 30 sent" is what
a coordinator needs, and who the other two are is known to their mentor alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from lti_tool.models import (
    Conversation,
    Coordinator,
    Course,
    Enrolment,
    Person,
    Preparation,
    Reach,
    Role,
    Round,
    db,
    this_school_year,
)

SMALLEST = 5
"""Pupils; the minimum that is usual for figures about a school's pupils."""


@dataclass(frozen=True)
class Group:
    """The pupils of one class in one round, as counted."""

    course: str
    round: str
    pupils: int
    sent: int
    """Preparations the pupil sent."""
    held: int
    """Conversations that were held and closed."""


@dataclass(frozen=True)
class Line:
    """What may be shown of a group; without numbers when it is too small."""

    course: str
    round: str
    numbers: tuple[int, int, int] | None
    """Pupils, sent, held."""


@dataclass(frozen=True)
class Table:
    """What a coordinator sees: lines by class, and the sum of those that have numbers."""

    lines: tuple[Line, ...]
    total: tuple[int, int, int]
    """Pupils, sent, held."""

    @property
    def hides(self) -> bool:
        """Whether a group was too small."""
        return any(one.numbers is None for one in self.lines)


def published(groups: Iterable[Group]) -> Table:
    """Leave out what says too much. Nothing else of the groups is shown anywhere."""
    lines = tuple(
        Line(
            one.course,
            one.round,
            (one.pupils, one.sent, one.held) if one.pupils >= SMALLEST else None,
        )
        for one in groups
        if one.pupils
    )
    shown = [one.numbers for one in lines if one.numbers]
    pupils, sent, held = (sum(one[column] for one in shown) for column in range(3))
    return Table(lines, (pupils, sent, held))


def years(person_id: int, registration_id: int) -> Sequence[int]:
    """The school years of which this coordinator sees something, newest first."""
    return db.session.scalars(
        select(Round.school_year)
        .join(Course, Course.id == Round.course_id)
        .where(Course.registration_id == registration_id, _reached_by(person_id))
        .distinct()
        .order_by(Round.school_year.desc())
    ).all()


def groups_of(person_id: int, registration_id: int, year: int) -> list[Group]:
    """Count one school year of the classes this coordinator sees, in one statement.

    Test users are not counted, nor who left the course this year. In an earlier year everybody
    counts who had a place in the round: at its end a course is often emptied for the next class.
    """
    rows = db.session.execute(
        select(
            Course.title,
            Round,
            func.count(Conversation.id),
            func.count(Preparation.shared_at),
            func.count(Conversation.closed_at),
        )
        .select_from(Round)
        .join(Course, Course.id == Round.course_id)
        .join(Conversation, Conversation.round_id == Round.id)
        .join(Enrolment, Enrolment.id == Conversation.pupil_id)
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(
            Preparation,
            (Preparation.conversation_id == Conversation.id)
            & (Preparation.owner_id == Conversation.pupil_id),
        )
        .where(
            Course.registration_id == registration_id,
            Round.school_year == year,
            Enrolment.role == Role.PUPIL,
            or_(Enrolment.ended_at.is_(None), Round.school_year < this_school_year()),
            Person.test_user.is_(False),
            _reached_by(person_id),
        )
        .group_by(Course.id, Round.id)
        .order_by(Course.title, Course.id, Round.id)
    )
    return [Group(course, round_.name, *numbers) for course, round_, *numbers in rows]


def _reached_by(person_id: int) -> ColumnElement[bool]:
    """For a query over `Course`: those this coordinator was appointed for."""
    return (
        select(Coordinator.id)
        .where(
            Coordinator.person_id == person_id,
            or_(Coordinator.reach == Reach.SCHOOL, Coordinator.course_id == Course.id),
        )
        .correlate(Course)
        .exists()
    )

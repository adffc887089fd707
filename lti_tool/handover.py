"""Conversations of other courses that come along with a pupil (V9): only what both could read.

A pupil passes each of them on to the teachers of a course they are in, and may take it back; or
the school passes all of them on. Notes, drafts and reflections stay with who wrote them.
"""

from flask import g
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import aliased, contains_eager
from werkzeug.exceptions import NotFound

from lti_tool.access import visit
from lti_tool.enrolled_now import belongs_now, readable_by
from lti_tool.models import Conversation, Course, Enrolment, PassedOn, Role, Round, State, db
from lti_tool.records import CONVERSATION, find_conversation
from lti_tool.who_asks import CourseFacts, EnrolmentFacts

HELD = or_(
    Conversation.state == State.CLOSED,
    and_(Conversation.state == State.STARTED, Enrolment.ended_at.is_not(None)),
)
"""For a query over `Conversation` and its pupil's `Enrolment`: it is over. One that was going on
when the pupil left the course is closed by nobody, and what was agreed in it still counts."""
_here, _theirs = aliased(Enrolment), aliased(Conversation)


def is_held(conversation: Conversation) -> bool:
    """The same of one conversation that was read, with its pupil."""
    broken_off = conversation.state == State.STARTED and not conversation.pupil.active
    return conversation.state == State.CLOSED or broken_off


def school_passes_on() -> bool:
    """Whether this visit's school does it, instead of the pupil."""
    words = visit().session.registration.words
    return words is not None and words.school_passes_on


def passed_on_to(course: Course | CourseFacts) -> ColumnElement[bool]:
    """For a query over `Conversation` and its pupil's `Enrolment`: teachers of `course` read it.

    As long as the pupil is in that course. A school passes on only where the pupil has
    conversations, so that no other teacher reads along.
    """
    if school_passes_on():
        how = select(_theirs.id).where(_theirs.pupil_id == _here.id).correlate(_here).exists()
    else:
        how = (
            select(PassedOn.id)
            .where(
                PassedOn.conversation_id == Conversation.id,
                PassedOn.to_id == _here.id,
                PassedOn.withdrawn_at.is_(None),
            )
            .correlate(Conversation, _here)  # two levels out: not by itself
            .exists()
        )
    place = (
        select(_here.id)
        .where(
            _here.course_id == course.id,
            _here.role == Role.PUPIL,
            _here.person_id == Enrolment.person_id,
            _here.id != Enrolment.id,
            belongs_now(course, _here),
            how,
        )
        .correlate(Conversation, Enrolment)
    )
    return and_(HELD, place.exists())


def of_this_pupil(pupil: Enrolment | EnrolmentFacts) -> ColumnElement[bool]:
    """For a query over `Conversation`, its `Round` and the pupil's `Enrolment`.

    All of one pupil that this visit reads: a pupil's own of every course; of the teacher's course
    and what came along.
    """
    if visit().role is Role.PUPIL:
        is_me = pupil.person_id == visit().person.id
        return Enrolment.person_id == visit().person.id if is_me else false()
    of_the_course = and_(
        Conversation.pupil_id == pupil.id,
        Round.course_id == visit().course.id,
        readable_by(visit().enrolment),
    )
    return and_(
        Enrolment.person_id == pupil.person_id, or_(of_the_course, passed_on_to(visit().course))
    )


def is_elsewhere(conversation: Conversation) -> bool:
    """Whether it belongs to another course than this visit's: read here, and never written."""
    return conversation.round.course_id != visit().course.id


def readable_conversation(conversation_id: int) -> Conversation:
    """Return a conversation this visit may read: of this course, or one that came along.

    NotFound otherwise. To write, ask `own_or_course_conversation`.
    """
    found = find_conversation(conversation_id)
    if found is not None:
        return found
    query = CONVERSATION.join(Conversation.pupil).options(
        contains_eager(Conversation.pupil).joinedload(Enrolment.person),
        contains_eager(Conversation.round).joinedload(Round.course),
    )
    if visit().role is Role.PUPIL:
        query = query.where(Enrolment.person_id == visit().person.id, HELD)
    else:
        query = query.where(passed_on_to(visit().course))
    found = db.session.scalars(query, {"conversation_id": conversation_id}).unique().one_or_none()
    if found is None:
        raise NotFound("not_your_record")
    g.held = (found.round, found.round.course, found.pupil)
    return found


def passed_on_here() -> set[int]:
    """The conversations this pupil passed on to the course of this visit, by id."""
    query = select(PassedOn.conversation_id).where(
        PassedOn.to_id == visit().enrolment.id, PassedOn.withdrawn_at.is_(None)
    )
    return set(db.session.scalars(query))


def read_along_in(conversation: Conversation) -> list[str]:
    """The other courses whose teachers read this conversation of the pupil, by title."""
    query = (
        select(Course.title)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .join(PassedOn, PassedOn.to_id == Enrolment.id)
        .where(
            PassedOn.conversation_id == conversation.id,
            PassedOn.withdrawn_at.is_(None),
            Enrolment.role == Role.PUPIL,
            Enrolment.ended_at.is_(None),
        )
        .order_by(Course.title)
    )
    return list(db.session.scalars(query))

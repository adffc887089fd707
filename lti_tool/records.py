"""The record that an address names, if whoever visits may see it: else there is none.

`access.py` asks whether a role may open such a page at all; here it is about this one record.
"""

from typing import Any

from flask import g
from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, lazyload
from werkzeug.exceptions import NotFound

from lti_tool.access import visit
from lti_tool.enrolled_now import readable_by
from lti_tool.models import (
    Chair,
    Conversation,
    Enrolment,
    Role,
    Round,
    State,
    db,
    school_year_of,
)
from lti_tool.school_words import say_je

# Built once. The teacher, and a pupil's own record, come when a page names them: most do not.
CONVERSATION = (
    select(Conversation)
    .join(Conversation.round)
    .where(Conversation.id == bindparam("conversation_id"))
    .options(
        lazyload(Conversation.teacher).joinedload(Enrolment.person),
        contains_eager(Conversation.round).joinedload(Round.questions),
    )
)
_other, _other_place = aliased(Conversation), aliased(Enrolment)
HAS_OTHERS = (
    select(_other.id)
    .join(_other_place, _other.pupil_id == _other_place.id)
    .where(
        _other_place.person_id == bindparam("person_id"),
        _other.id != Conversation.id,
        _other.state.in_((State.STARTED, State.CLOSED)),
    )
    .exists()
)
"""Whether this pupil had other conversations, in any course: else no page looks for a history."""
OWN_CONVERSATION = (
    CONVERSATION.add_columns(HAS_OTHERS)
    .where(Conversation.pupil_id == bindparam("pupil_id"))
    .options(lazyload(Conversation.pupil).joinedload(Enrolment.person))
)
COURSE_CONVERSATION = (
    CONVERSATION.join(Conversation.pupil)
    .where(Enrolment.course_id == bindparam("course_id"))
    .options(contains_eager(Conversation.pupil).joinedload(Enrolment.person))
)


def own_or_course_conversation(conversation_id: int, *, hold: bool = False) -> Conversation:
    """Return a conversation of this course that this visit may see: a pupil's own, or any pupil's.

    NotFound otherwise, whether or not it exists, and for what `readable_by` keeps from a teacher
    who came later. Pupil (with person), teacher and round (with its questions) come along.

    `hold`: until this transaction ends, nobody else who asks to hold it gets it. What is read from
    then on stays so. SQLite has no such lock: there a POST waits for every other one. Whoever also
    locks the round (`planning/bookings.py`) does that first, or does not hold.
    """
    conversation = find_conversation(conversation_id, hold=hold)
    if conversation is None:
        raise NotFound("not_your_record")
    return conversation


def find_conversation(conversation_id: int, *, hold: bool = False) -> Conversation | None:
    """The same, or None."""
    query: Select[Any]
    if visit().role is Role.PUPIL:
        query = OWN_CONVERSATION
        owner = {"pupil_id": visit().enrolment.id, "person_id": visit().enrolment.person_id}
    else:
        query = COURSE_CONVERSATION.where(readable_by(visit().enrolment))
        owner = {"course_id": visit().course.id}
    asked = query.with_for_update(of=Conversation, key_share=True) if hold else query
    row = (
        db.session.execute(asked, {"conversation_id": conversation_id, **owner})
        .unique()
        .one_or_none()
    )
    if row is None:
        return None
    conversation: Conversation = row[0]
    if conversation.state == State.STARTED and conversation.chair == Chair.PUPIL:
        say_je()
    # The session forgets these after a commit unless somebody holds them.
    g.held = [conversation.round]
    if query is not OWN_CONVERSATION:
        g.held += [conversation.pupil, conversation.pupil.person]
    elif not row[1]:
        g.first_conversation = conversation.id
    return conversation


def is_first(conversation: Conversation) -> bool:
    """Whether it is known to be this pupil's first, with nothing before it in any course."""
    return bool(g.get("first_conversation") == conversation.id)


def course_round(round_id: int) -> Round:
    """Return a round of this course with its questions, else NotFound.

    NotFound too for a round of years before this teacher came in which nothing is theirs to read.
    """
    teacher = visit().enrolment
    something_to_read = (
        select(Conversation.id)
        .join(Conversation.pupil)
        .where(Conversation.round_id == Round.id, readable_by(teacher))
        .exists()
    )
    since = school_year_of(teacher.first_seen_at)
    round_ = (
        db.session.scalars(
            select(Round)
            .where(
                Round.id == round_id,
                Round.course_id == visit().course.id,
                or_(Round.school_year >= since, something_to_read),
            )
            .options(joinedload(Round.questions))
        )
        .unique()
        .one_or_none()
    )
    if round_ is None:
        raise NotFound("not_your_record")
    return round_

"""The years of one pupil: every conversation held, and conclusions beside each other (V7, G37)."""

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.exceptions import NotFound

from lti_tool import words
from lti_tool.access import Right, requires, visit
from lti_tool.access_log import record_view
from lti_tool.enrolled_now import belongs_now, readable_by
from lti_tool.history import History, history_of
from lti_tool.instrument_now import instrument_now
from lti_tool.models import Conversation, Enrolment, Role, State, db
from lti_tool.told import Told
from lti_tool.who_asks import EnrolmentFacts

timeline = Blueprint("timeline", __name__, url_prefix="/s/<session_id>")


@timeline.get("/pupils/<int:enrolment_id>")
@requires(Right.COURSE)
def of_pupil(enrolment_id: int) -> str:
    """The timeline of one pupil of this course, newest conversation first."""
    enrolment = db.session.scalars(
        select(Enrolment)
        .where(
            Enrolment.id == enrolment_id,
            Enrolment.course_id == visit().course.id,
            Enrolment.role == Role.PUPIL,
        )
        .options(joinedload(Enrolment.person))
    ).one_or_none()
    if enrolment is None:
        raise NotFound("not_your_record")
    past = history_of(enrolment)
    present = db.session.scalars(
        select(Conversation)
        .join(Conversation.pupil)
        .join(Conversation.round)
        .where(
            Conversation.pupil_id == enrolment.id,
            Conversation.state != State.CLOSED,
            readable_by(visit().enrolment),
        )
        .options(contains_eager(Conversation.round))
        .order_by(Conversation.id.desc())
    ).all()
    if not past and not present and not _is_here(enrolment):
        raise NotFound("not_your_record")
    return _page(enrolment, past, list(present))


@timeline.get("/mine/timeline")
@requires(Right.OWN_CONVERSATIONS)
def own() -> str:
    """The same for the pupil: all that is shared of the own conversations."""
    return _page(visit().enrolment, history_of(visit().enrolment), [])


def _page(pupil: Enrolment | EnrolmentFacts, past: History, present: list[Conversation]) -> str:
    record_view(*(one.id for one in past.conversations))
    told = [Told(one, past) for one in past.conversations]
    phases = [one for one in instrument_now().phases if one.career_question]
    concluded = [one for one in told if any(one.conclusions(phase.key) for phase in phases)]
    return render_template(
        "timeline/page.html",
        pupil=pupil,
        past=past,
        told=told,
        concluded=concluded,
        present=present,
        phases=phases,
        to_pupil=visit().role is Role.PUPIL,
        words=words,
    )


def _is_here(pupil: Enrolment) -> bool:
    """Whether the pupil is in the course this year."""
    return (
        db.session.scalar(
            select(Enrolment.id).where(Enrolment.id == pupil.id, belongs_now(visit().course))
        )
        is not None
    )

"""What a teacher sees of the times of a round: who chose what; giving, moving, calling off."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires
from lti_tool.access_log import record, record_export
from lti_tool.forms import Posted
from lti_tool.models import BEFORE_START, Act, Conversation, OfferedTime, Round, db
from lti_tool.numbers import whole_number
from lti_tool.planning import bookings
from lti_tool.planning.agenda import agenda_of
from lti_tool.planning.blueprint import CALENDAR, planning
from lti_tool.planning.bookings import Taking
from lti_tool.planning.lists import Overview, free_times, overview, standing
from lti_tool.records import course_round, own_or_course_conversation
from lti_tool.takeaways.blueprint import file


@planning.get("/rounds/<int:round_id>/times")
@requires(Right.COURSE)
def times(round_id: int) -> Response:
    """All times of the round, and who has none yet."""
    return overview_page(course_round(round_id), 200)


@planning.get("/rounds/<int:round_id>/times.ics")
@requires(Right.COURSE)
def agenda(round_id: int) -> Response:
    """This teacher's own appointments of the round, in one file."""
    seen = overview(course_round(round_id))
    mine = _mine(seen)
    record_export(*(conversation.id for _time, conversation, _name in mine))
    return file(agenda_of(mine), _("gesprekken") + ".ics", CALENDAR)


@planning.get("/rounds/<int:round_id>/times/for/<int:conversation_id>")
@requires(Right.ROUND)
def give(round_id: int, conversation_id: int) -> Response:
    """Choose a time for a pupil by hand."""
    return _give_page(_conversation(round_id, conversation_id), Posted(), 200)


@planning.post("/rounds/<int:round_id>/times/for/<int:conversation_id>")
@requires(Right.ROUND)
def save(round_id: int, conversation_id: int) -> Response:
    """Give the pupil this time, in place of the one they had."""
    conversation = _conversation(round_id, conversation_id)
    posted = Posted()
    time_id = posted.number("time")
    if conversation.state not in BEFORE_START:
        return overview_page(conversation.round, 409, begun=conversation.pupil.given_name)
    if time_id is None:
        posted.errors.append(("time", _("Kies een tijd.")))
        return _give_page(conversation, posted, 422)
    went = bookings.take(conversation, time_id)
    if went != Taking.TAKEN:
        conversation = _conversation(round_id, conversation_id)
        posted.errors.append(("time", _not_given(went, conversation)))
        return _give_page(conversation, posted, 409)
    record(conversation.id, Act.CHANGED)
    db.session.commit()
    return redirect(url_for("planning.times", round_id=round_id), 303)


@planning.get("/rounds/<int:round_id>/times/<int:time_id>/call-off")
@requires(Right.ROUND)
def call_off(round_id: int, time_id: int) -> Response:
    """Ask whether to call this appointment off."""
    time, conversation = _booked(round_id, time_id)
    page = render_template(
        "planning/call_off.html", round=conversation.round, time=time, conversation=conversation
    )
    return make_response(page)


@planning.post("/rounds/<int:round_id>/times/<int:time_id>/call-off")
@requires(Right.ROUND)
def called_off(round_id: int, time_id: int) -> Response:
    """Call it off: the pupil reads so, and can choose another time."""
    _time, conversation = _booked(round_id, time_id)
    if whole_number(request.form.get("conversation_id", "")) not in {None, conversation.id}:
        return overview_page(conversation.round, 409, gone=True)  # another pupil took it meanwhile
    if not bookings.call_off(conversation, time_id):
        begun = "" if conversation.state in BEFORE_START else conversation.pupil.given_name
        return overview_page(conversation.round, 409, gone=not begun, begun=begun)
    record(conversation.id, Act.CHANGED)
    db.session.commit()
    return redirect(url_for("planning.times", round_id=round_id), 303)


def overview_page(round_: Round, status: int, *, gone: bool = False, begun: str = "") -> Response:
    """The page with all times; `gone` or `begun` when something could not be done any more."""
    seen = overview(round_)
    page = render_template(
        "planning/times.html",
        round=round_,
        seen=seen,
        several=seen.several(),
        mine=bool(seen.mine()),
        before_start=BEFORE_START,
        gone=gone,
        begun=begun,
    )
    return make_response(page, status)


def _mine(seen: Overview) -> list[tuple[OfferedTime, Conversation, str]]:
    return [(one, who, who.pupil.name) for one in seen.mine() if (who := seen.who(one))]


def _conversation(round_id: int, conversation_id: int) -> Conversation:
    """A conversation of this round that this teacher reads."""
    found = own_or_course_conversation(conversation_id)
    if found.round_id != round_id:
        raise NotFound("not_of_this_round")
    return found


def _booked(round_id: int, time_id: int) -> tuple[OfferedTime, Conversation]:
    """A time of this round that a pupil has whom this teacher reads."""
    time = db.session.scalars(
        select(OfferedTime).where(OfferedTime.id == time_id, OfferedTime.round_id == round_id)
    ).one_or_none()
    if time is None or time.conversation_id is None:
        raise NotFound("nobody_has_it")
    return time, _conversation(round_id, time.conversation_id)


def _not_given(went: Taking, conversation: Conversation) -> str:
    if went == Taking.GONE:
        return _("Deze tijd is niet meer vrij. Kies een andere.")
    name = conversation.pupil.given_name
    return _("%(name)s heeft dan al een ander gesprek. Kies een andere tijd.", name=name)


def _give_page(conversation: Conversation, posted: Posted, status: int) -> Response:
    page = render_template(
        "planning/give.html",
        round=conversation.round,
        conversation=conversation,
        standing=standing(conversation),
        free=free_times(conversation.round_id),
        posted=posted,
        errors=posted.errors,
        begun=conversation.state not in BEFORE_START,
    )
    return make_response(page, status)

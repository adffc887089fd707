"""A pupil picks a time in two taps, moves it, or does not come."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires
from lti_tool.access_log import record, record_export
from lti_tool.models import BEFORE_START, Act, Conversation, OfferedTime, db
from lti_tool.numbers import whole_number
from lti_tool.planning import bookings
from lti_tool.planning.agenda import agenda_of
from lti_tool.planning.blueprint import CALENDAR, planning
from lti_tool.planning.bookings import Taking
from lti_tool.planning.lists import by_day, free_times, standing
from lti_tool.records import own_or_course_conversation
from lti_tool.takeaways.blueprint import file

TIME = "/conversations/<int:conversation_id>/time"


@planning.get(TIME)
@requires(Right.OWN_PREPARATION)
def own(conversation_id: int) -> Response:
    """The pupil's own time; or those to choose from, when there is none yet."""
    conversation = own_or_course_conversation(conversation_id)
    now_so = standing(conversation)
    if now_so.booked is None:
        return _choices(conversation, 200)
    page = render_template(
        "planning/own.html",
        conversation=conversation,
        time=now_so.booked,
        may_change=now_so.may_change(conversation),
    )
    return make_response(page)


@planning.get(f"{TIME}/choose")
@requires(Right.OWN_PREPARATION)
def choose(conversation_id: int) -> Response:
    """Times that are free, by day."""
    return _choices(own_or_course_conversation(conversation_id), 200)


@planning.get(f"{TIME}/choose/<int:time_id>")
@requires(Right.OWN_PREPARATION)
def confirm(conversation_id: int, time_id: int) -> Response:
    """The first tap was on a time: is this the one?"""
    conversation = own_or_course_conversation(conversation_id)
    now_so = standing(conversation)
    theirs = now_so.booked is not None and now_so.booked.id == time_id  # Back, after choosing it
    if theirs or not now_so.may_change(conversation):
        return redirect(url_for("planning.own", conversation_id=conversation.id), 303)
    time = next((one for one in free_times(conversation.round_id) if one.id == time_id), None)
    if time is None:
        return _choices(conversation, 409, gone=True)
    if other := bookings.overlapping(conversation, time):
        return _choices(conversation, 409, elsewhere=other)
    page = render_template(
        "planning/confirm.html", conversation=conversation, time=time, earlier=now_so.booked
    )
    return make_response(page)


@planning.post(f"{TIME}/choose/<int:time_id>")
@requires(Right.OWN_PREPARATION)
def book(conversation_id: int, time_id: int) -> Response:
    """The second tap: take it, unless somebody was first."""
    conversation = own_or_course_conversation(conversation_id)
    now_so = standing(conversation)
    here = url_for("planning.own", conversation_id=conversation.id)
    if now_so.booked and now_so.booked.id == time_id:
        return redirect(here, 303)  # a second click
    if not now_so.may_change(conversation):
        return _choices(conversation, 409)
    went = bookings.take(conversation, time_id)
    if went == Taking.ELSEWHERE:
        return redirect(
            url_for("planning.confirm", conversation_id=conversation_id, time_id=time_id), 303
        )
    if went == Taking.GONE:
        return _choices(own_or_course_conversation(conversation_id), 409, gone=True)
    record(conversation.id, Act.CHANGED)
    db.session.commit()
    return redirect(here, 303)


@planning.get(f"{TIME}/cancel")
@requires(Right.OWN_PREPARATION)
def cancel(conversation_id: int) -> Response:
    """Ask whether the pupil does not come."""
    conversation = own_or_course_conversation(conversation_id)
    now_so = standing(conversation)
    if now_so.booked is None or not now_so.may_change(conversation):
        return redirect(url_for("planning.own", conversation_id=conversation.id), 303)
    page = render_template("planning/cancel.html", conversation=conversation, time=now_so.booked)
    return make_response(page)


@planning.post(f"{TIME}/cancel")
@requires(Right.OWN_PREPARATION)
def cancelled(conversation_id: int) -> Response:
    """The time is free again."""
    conversation = own_or_course_conversation(conversation_id)
    now_so = standing(conversation)
    if now_so.booked and not now_so.may_change(conversation):
        return _choices(conversation, 409)
    if now_so.booked:
        if not bookings.give_back(conversation, whole_number(request.form.get("time_id", ""))):
            db.session.rollback()  # the mentor gave another time since the page was shown
            return redirect(url_for("planning.own", conversation_id=conversation_id), 303)
        record(conversation.id, Act.CHANGED)
        db.session.commit()
    return redirect(url_for("planning.own", conversation_id=conversation.id), 303)


@planning.get(f"{TIME}/appointment.ics")
@requires(Right.OWN_PREPARATION)
def appointment(conversation_id: int) -> Response:
    """The appointment, for the pupil's calendar."""
    conversation = own_or_course_conversation(conversation_id)
    time = standing(conversation).booked
    if time is None:
        raise NotFound("no_time_chosen")
    record_export(conversation.id)
    content = agenda_of([(time, conversation, time.teacher.name)])
    return file(content, _("gesprek") + ".ics", CALENDAR)


def _choices(
    conversation: Conversation,
    status: int,
    *,
    gone: bool = False,
    elsewhere: OfferedTime | None = None,
) -> Response:
    """`gone`: the one they wanted is not free any more; `elsewhere`: what they have then."""
    now_so = standing(conversation)
    may_change = now_so.may_change(conversation)
    times = free_times(conversation.round_id) if may_change else []
    page = render_template(
        "planning/choose.html",
        conversation=conversation,
        standing=now_so,
        may_change=may_change,
        begun=conversation.state not in BEFORE_START,
        days=by_day(times),
        several=len({one.teacher_id for one in times}) > 1,
        gone=gone,
        elsewhere=elsewhere,
    )
    return make_response(page, status)

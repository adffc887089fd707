"""A pupil passes conversations of other courses on to the teachers of this one, or takes them back.

The pupil chooses per conversation, sees beforehand what will be read, and can change it any time.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, joinedload
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.access_log import record
from lti_tool.handover import HELD, school_passes_on
from lti_tool.models import Act, Conversation, Enrolment, PassedOn, Round, db, now
from lti_tool.numbers import whole_number

passing_on = Blueprint("passing_on", __name__, url_prefix="/s/<session_id>/passing-on")


@passing_on.get("/")
@requires(Right.HANDOVER)
def page() -> str:
    """What can be passed on, what will be read then, and what never."""
    chosen = _decided()
    conversations = _elsewhere()
    return render_template(
        "passing_on/page.html",
        conversations=conversations,
        chosen=[one.conversation_id for one in chosen if one.withdrawn_at is None],
        asked=bool(chosen),
        by_school=school_passes_on(),
        back=whole_number(request.args.get("back", "")),
    )


@passing_on.post("/")
@requires(Right.HANDOVER)
def save() -> Response:
    """Keep the choice for the conversations the form showed; "not now" is a choice too."""
    shown = set(request.form.getlist("shown"))
    ticked = set(request.form.getlist("pass"))
    if request.form.get("action") == "later":
        ticked = set()
    for one in _elsewhere():
        if str(one.id) in shown:
            _decide(one, passes=str(one.id) in ticked)
    db.session.commit()
    back = whole_number(request.form.get("back", ""))
    if back is not None:
        return redirect(url_for("preparation.begin", conversation_id=back), 303)
    return redirect(url_for("dossier.my_conversations", _anchor="elsewhere"), 303)


def _decide(conversation: Conversation, *, passes: bool) -> None:
    """Write the decision, with a line in the log when it changes who reads. Flushes."""
    made = _decision(conversation)
    stood = made.withdrawn_at is None
    if made.id is None:
        made.withdrawn_at = None if passes else made.passed_at
        stood = False
        try:
            with db.session.begin_nested():
                db.session.add(made)
        except IntegrityError:  # another window of this pupil answered at the same moment
            made = _decision(conversation)
            stood = made.withdrawn_at is None
    if passes and not stood:
        made.passed_at, made.withdrawn_at = now(), None
        record(conversation.id, Act.PASSED_ON)
    elif stood and not passes:
        made.withdrawn_at = now()
        record(conversation.id, Act.TAKEN_BACK)


def _decision(conversation: Conversation) -> PassedOn:
    """The row of this conversation for this course, or a new one."""
    found = db.session.scalars(
        select(PassedOn).where(
            PassedOn.conversation_id == conversation.id, PassedOn.to_id == visit().enrolment.id
        )
    ).one_or_none()
    return found or PassedOn(conversation_id=conversation.id, to_id=visit().enrolment.id)


def _decided() -> list[PassedOn]:
    return list(db.session.scalars(select(PassedOn).where(PassedOn.to_id == visit().enrolment.id)))


def _elsewhere() -> list[Conversation]:
    """This pupil's conversations held in other courses, newest first."""
    query = (
        select(Conversation)
        .join(Conversation.pupil)
        .join(Conversation.round)
        .where(
            Enrolment.person_id == visit().person.id,
            Enrolment.id != visit().enrolment.id,
            HELD,
        )
        .options(
            contains_eager(Conversation.round).joinedload(Round.course),
            joinedload(Conversation.teacher).joinedload(Enrolment.person),
        )
    )
    rows = db.session.scalars(query).all()
    return sorted(rows, key=lambda one: one.held_at, reverse=True)

"""The goals of a conversation: chosen or typed by people, agreed on, or made to wait."""

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires
from lti_tool.conversations import conversation_under_way
from lti_tool.field_views import Form, write_form
from lti_tool.forms import Posted
from lti_tool.guide.blueprint import back_to, guide
from lti_tool.guide.views import screen_page
from lti_tool.models import Agreed, Goal, GoalOwner, db, now
from lti_tool.sent_again import stands_already

HERE = "doel"


@guide.post("/goals")
@requires(Right.GUIDE)
def add_goal(conversation_id: int) -> Response:
    """Add a goal with its owner (gd-t3)."""
    conversation = conversation_under_way(conversation_id)
    posted = Posted()
    text = posted.text("goal", required=_("Schrijf het doel op."))
    owner = posted.choice("owner", GoalOwner, required=_("Kies van wie dit doel is."))
    if posted.errors or owner is None:
        return screen_page(conversation, HERE, Form(), posted, 422)
    if not stands_already(Goal, conversation, owner=owner, text=text):
        db.session.add(Goal(conversation_id=conversation.id, owner=owner, text=text))
    db.session.commit()
    return back_to(conversation, HERE, "goals-section")


@guide.post("/goals/<int:goal_id>")
@requires(Right.GUIDE)
def change_goal(conversation_id: int, goal_id: int) -> Response:
    """Let a goal wait with a short reason (gd-t2), take it up again, or remove it."""
    conversation = conversation_under_way(conversation_id)
    goal = db.session.scalars(
        select(Goal).where(Goal.id == goal_id, Goal.conversation_id == conversation.id)
    ).one_or_none()
    if goal is None:
        raise NotFound("no_such_goal")
    posted, action = Posted(), request.form.get("action")
    if action == "park":
        because = posted.text(f"because-{goal.id}")
        if posted.errors:
            return screen_page(conversation, HERE, Form(), posted, 422)
        goal.parked_at, goal.parked_because = now(), because or None
    elif action == "unpark":
        goal.parked_because = goal.parked_at = None
    elif action == "remove":
        db.session.delete(goal)
    db.session.commit()
    return back_to(conversation, request.form.get("phase", HERE), "goals-section")


@guide.post("/agreed")
@requires(Right.GUIDE)
def agree(conversation_id: int) -> Response:
    """Record the answer to gd-v03, with its remark."""
    conversation = conversation_under_way(conversation_id)
    posted = Posted()
    agreed = posted.choice("agreed", Agreed, required=_("Kies ja, deels of nee."))
    form = write_form(conversation, ["agreed.remark"])
    if agreed is not None:
        conversation.agreed = agreed
    db.session.commit()
    if posted.errors or form.errors:
        return screen_page(conversation, HERE, form, posted, 422)
    return back_to(conversation, HERE, "agreed-section")

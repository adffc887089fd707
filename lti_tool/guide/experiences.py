"""The concrete experience a conversation starts from (er-t1), and others that came up."""

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select, update
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires
from lti_tool.conversations import conversation_under_way
from lti_tool.field_views import Form
from lti_tool.forms import Posted
from lti_tool.guide.blueprint import back_to, guide
from lti_tool.guide.views import screen_page
from lti_tool.models import Experience, Party, db
from lti_tool.sent_again import stands_already

HERE = "ervaring"
SECTION = "experiences"


@guide.post("/experiences")
@requires(Right.GUIDE)
def add_experience(conversation_id: int) -> Response:
    """Add an experience; the first one is the anchor."""
    conversation = conversation_under_way(conversation_id)
    posted = Posted()
    text = posted.text("experience", required=_("Schrijf de ervaring in een paar woorden op."))
    brought_by = posted.choice("brought_by", Party, required=_("Kies wie de ervaring inbracht."))
    if brought_by not in {Party.PUPIL, Party.TEACHER, None}:
        posted.errors.append(("brought_by", _("Kies wie de ervaring inbracht.")))
    if posted.errors or brought_by is None:
        return screen_page(conversation, HERE, Form(), posted, 422)
    if stands_already(Experience, conversation, text=text, brought_by=brought_by):
        return back_to(conversation, HERE, SECTION)
    others = db.session.scalar(
        select(Experience.id).where(Experience.conversation_id == conversation.id).limit(1)
    )
    db.session.add(
        Experience(
            conversation_id=conversation.id,
            text=text,
            brought_by=brought_by,
            anchor=others is None,
        )
    )
    db.session.commit()
    return back_to(conversation, HERE, SECTION)


@guide.post("/experiences/<int:experience_id>")
@requires(Right.GUIDE)
def change_experience(conversation_id: int, experience_id: int) -> Response:
    """Make it the anchor, or remove it."""
    conversation = conversation_under_way(conversation_id)
    experience = db.session.scalars(
        select(Experience).where(
            Experience.id == experience_id, Experience.conversation_id == conversation.id
        )
    ).one_or_none()
    if experience is None:
        raise NotFound("no_such_experience")
    if request.form.get("action") == "remove":
        db.session.delete(experience)
    else:
        db.session.execute(
            update(Experience)
            .where(Experience.conversation_id == conversation.id)
            .values(anchor=False)
        )
        db.session.refresh(experience)
        experience.anchor = True
    db.session.commit()
    return back_to(conversation, HERE, SECTION)

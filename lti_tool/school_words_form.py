"""The administrator chooses the words of the school."""

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.forms import Posted
from lti_tool.models import db
from lti_tool.models.school import Address, ConversationWord, PupilWord, TeacherWord, WorkplaceWord
from lti_tool.school_words import ENGLISH, own_words

school_words_form = Blueprint("school_words", __name__, url_prefix="/s/<session_id>/school-words")

KINDS = {
    "pupil": PupilWord,
    "teacher": TeacherWord,
    "workplace": WorkplaceWord,
    "conversation": ConversationWord,
}


@school_words_form.get("/")
@requires(Right.ADMINISTRATION)
def page() -> Response:
    """Show the words as they stand."""
    chosen = visit().session.registration.words
    values = {name: getattr(chosen, name) if chosen else next(iter(KINDS[name])) for name in KINDS}
    values["to_teachers"] = chosen.to_teachers if chosen else Address.JE
    return _page({**values, "with_internship": not chosen or chosen.with_internship}, Posted(), 200)


@school_words_form.post("/")
@requires(Right.ADMINISTRATION)
def save() -> Response:
    """Keep the choice; the next page speaks it."""
    posted = Posted()
    values = {
        name: posted.choice(name, kind, required=_("Kies een woord."))
        for name, kind in KINDS.items()
    }
    values["to_teachers"] = posted.choice("to_teachers", Address, required=_("Kies “je” of “u”."))
    internship = posted.ticked("with_internship")
    if posted.errors:
        return _page({**values, "with_internship": internship}, posted, 422)
    chosen = own_words(visit().session.registration_id)
    for name, value in values.items():
        setattr(chosen, name, value)
    chosen.with_internship = internship
    db.session.commit()
    return redirect(url_for("school_words.page"), 303)


def _page(values: dict[str, object], posted: Posted, status: int) -> Response:
    page = render_template(
        "administration/words.html",
        values=values,
        kinds=KINDS,
        english=ENGLISH,
        posted=posted,
        errors=posted.errors,
    )
    return make_response(page, status)

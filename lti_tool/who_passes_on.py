"""The administrator sets who passes earlier conversations on to the next mentor."""

import enum

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.forms import Posted
from lti_tool.handover import school_passes_on
from lti_tool.models import db
from lti_tool.school_words import own_words

who_passes_on = Blueprint("who_passes_on", __name__, url_prefix="/s/<session_id>/who-passes-on")


class Who(enum.StrEnum):
    """Who decides that the next mentor reads along."""

    PUPIL = "pupil"
    SCHOOL = "school"


@who_passes_on.get("/")
@requires(Right.ADMINISTRATION)
def page() -> Response:
    """Show how it is set."""
    return _page(Who.SCHOOL if school_passes_on() else Who.PUPIL, Posted(), 200)


@who_passes_on.post("/")
@requires(Right.ADMINISTRATION)
def save() -> Response:
    """Keep the choice; it holds from the next page on, and as long as it stands."""
    posted = Posted()
    chosen = posted.choice("who", Who, required=_("Kies wie gesprekken doorgeeft."))
    if chosen is None:
        return _page(None, posted, 422)
    own_words(visit().session.registration_id).school_passes_on = chosen is Who.SCHOOL
    db.session.commit()
    return redirect(url_for("who_passes_on.page"), 303)


def _page(chosen: Who | None, posted: Posted, status: int) -> Response:
    page = render_template(
        "administration/who_passes_on.html", chosen=chosen, posted=posted, errors=posted.errors
    )
    return make_response(page, status)

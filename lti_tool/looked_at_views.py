"""Who did what with a pupil's conversations, for that pupil to see."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from lti_tool.access import Right, requires, visit
from lti_tool.looked_at import lines_of
from lti_tool.models import Act

looked_at = Blueprint("looked_at", __name__, url_prefix="/s/<session_id>")
NEWEST = 200
"""Lines on the page; older ones are in the dossier as data."""


@looked_at.get("/mine/looked-at")
@requires(Right.OWN_CONVERSATIONS)
def page() -> str:
    """The access log of all of this pupil's conversations, newest first; no content."""
    lines = lines_of(visit().person.id, newest=NEWEST + 1)
    return render_template(
        "dossier/looked_at.html",
        lines=lines[:NEWEST],
        more=len(lines) > NEWEST,
        courses={one.course for one in lines},
        me=visit().person.id,
        did=_acts(),
    )


def _acts() -> dict[Act, str]:
    return {
        Act.VIEWED: _("bekeek het"),
        Act.CHANGED: _("veranderde iets"),
        Act.SENT: _("deelde de voorbereiding"),
        Act.STARTED: _("begon het gesprek"),
        Act.CLOSED: _("sloot het gesprek af"),
        Act.REOPENED: _("opende het gesprek weer"),
        Act.PASSED_ON: _("gaf het door aan een volgende mentor"),
        Act.TAKEN_BACK: _("nam het doorgeven terug"),
        Act.EXPORTED: _("nam het mee als bestand of op papier"),
    }

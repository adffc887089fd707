"""Who did what with a pupil's conversations, for that pupil to see."""

from itertools import groupby

from flask import Blueprint, render_template
from flask_babel import gettext as _

from lti_tool.access import Right, requires, visit
from lti_tool.looked_at import Line, lines_of
from lti_tool.models import Act, nameless
from lti_tool.times import clock, local_date

looked_at = Blueprint("looked_at", __name__, url_prefix="/s/<session_id>")
NEWEST = 200
"""Lines on the page; older ones are in the dossier as data."""


@looked_at.get("/mine/looked-at")
@requires(Right.OWN_CONVERSATIONS)
def page() -> str:
    """The access log of all of this pupil's conversations, newest day first; no content."""
    lines = lines_of(visit().person.id, newest=NEWEST + 1)
    shown = lines[:NEWEST]
    several = len({one.course for one in shown}) > 1
    said = _sentences()
    by_day = groupby(shown, key=lambda one: local_date(one.at))
    return render_template(
        "dossier/looked_at.html",
        days=[(day, [_row(one, said, several) for one in of_day]) for day, of_day in by_day],
        older=len(shown) if len(lines) > NEWEST else 0,
    )


def _row(one: Line, said: dict[Act, str], several_courses: bool) -> dict[str, str]:
    me = one.person_id == visit().person.id
    who = _("Jij") if me else one.who or nameless(one.role, one.person_id)
    where = f"{one.round}, {one.course}" if several_courses else one.round
    return {"key": clock(one.at), "value": f"{said[one.act] % {'who': who}}\n{where}"}


def _sentences() -> dict[Act, str]:
    """What each act is called, with a place for who did it."""
    return {
        Act.VIEWED: _("%(who)s bekeek het gesprek"),
        Act.CHANGED: _("%(who)s veranderde iets"),
        Act.SENT: _("%(who)s deelde de voorbereiding"),
        Act.STARTED: _("%(who)s begon het gesprek"),
        Act.CLOSED: _("%(who)s sloot het gesprek af"),
        Act.REOPENED: _("%(who)s opende het gesprek weer"),
        Act.PASSED_ON: _("%(who)s gaf het gesprek door"),
        Act.TAKEN_BACK: _("%(who)s nam het doorgeven terug"),
        Act.EXPORTED: _("%(who)s nam het mee als bestand of op papier"),
    }

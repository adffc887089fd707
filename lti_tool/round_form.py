"""The form of a round: title, period, date, questions for the pupils, internship, reporting."""

import re
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool.access import visit
from lti_tool.errands import asked_deep_linking
from lti_tool.form_questions import OWN, standard
from lti_tool.forms import Posted
from lti_tool.grades import offered
from lti_tool.instrument_now import instrument_now
from lti_tool.models import (
    Conversation,
    Entry,
    Round,
    RoundQuestion,
    db,
    now,
    school_year_of,
    this_school_year,
)
from lti_tool.round_of_link import was_used
from lti_tool.times import today

LONGEST_TITLE = 200
LONGEST_PERIOD = 60
LONGEST_QUESTION = 500
NEW_FIELDS = ("own-new-1", "own-new-2", "own-new-3")
"""Empty fields for questions to add; whoever wants more saves and comes back."""
ROUND_KEY = re.compile(r"[\w-]{22}", re.ASCII)


def blank_round() -> Round:
    """A round of this course to begin its form with, as the school usually wants it."""
    round_ = Round(course_id=visit().course.id, title="")
    round_.without_internship = g.get("without_internship", False)
    return round_


def read_round(round_: Round) -> Posted:
    """Put what was posted into the round, but for its own questions. Look at `errors` first."""
    posted = Posted()
    round_.title = posted.text("title", required=_("Geef de ronde een titel."))
    if len(round_.title) > LONGEST_TITLE:
        posted.errors.append(("title", _("Maak de titel korter dan 200 tekens.")))
    round_.period = posted.text("period")
    if len(round_.period) > LONGEST_PERIOD:
        posted.errors.append(("period", _("Maak de periode korter dan 60 tekens.")))
    stood = round_.due_on
    round_.due_on = posted.day("due_on")
    if round_.due_on and round_.due_on != stood and round_.due_on < today():
        passed = _("Deze datum is al voorbij. Kies een datum die nog komt.")
        posted.errors.append(("due_on", passed))
    round_.school_year = _school_year(round_)
    known = [question.key for question in instrument_now().form_questions("optional")]
    chosen = request.form.getlist("questions")
    round_.form_questions = [key for key in known if key in chosen]
    round_.without_internship = posted.ticked("without_internship")
    if _may_report(round_):
        round_.reports_preparation = posted.ticked("reports_preparation")
    for name in own_fields(round_):
        if len(posted.text(name)) > LONGEST_QUESTION:
            posted.errors.append((name, _("Maak de vraag korter dan 500 tekens.")))
    return posted


def write_own_questions(round_: Round) -> None:
    """Add, change and withdraw the teacher's own questions as posted. Flushes.

    A question that somebody answered keeps its wording: another wording is a new question.
    """
    answered = _answered_keys(round_)
    for row in _on_form(round_):
        name = f"own-{row.id}"
        if name not in request.form:
            continue
        text = request.form[name].strip()
        if text == row.text:
            continue
        if text and f"{OWN}{row.id}" not in answered:
            row.text = text
            continue
        row.withdrawn_at = now()
        if text:
            _add(round_, text)
    for name in NEW_FIELDS:
        text = request.form.get(name, "").strip()
        if text:
            _add(round_, text)
    db.session.flush()


def add_round() -> tuple[Round, Posted]:
    """Make the round that was posted, or one without an id when there are errors. Flushes.

    The form names the key of the round to be made, so a second click gives the round of the first.
    """
    round_ = Round(course_id=visit().course.id, title="")
    posted = read_round(round_)
    if posted.errors:
        return round_, posted
    key = request.form.get("key", "")
    if ROUND_KEY.fullmatch(key):
        known = db.session.scalars(select(Round).where(Round.key == key)).one_or_none()
        if known is not None and known.course_id == round_.course_id:
            return known, posted
        round_.key = round_.key if known else key
    db.session.add(round_)
    db.session.flush()
    write_own_questions(round_)
    return round_, posted


def own_fields(round_: Round) -> list[str]:
    """The names of the form's fields for own questions."""
    return [*(f"own-{row.id}" for row in _on_form(round_)), *NEW_FIELDS]


def form_context(round_: Round, posted: Posted) -> dict[str, Any]:
    """What `templates/rounds/_fields.html` shows."""
    due_on = request.form.get("due_on")
    if due_on is None:
        due_on = round_.due_on.isoformat() if round_.due_on else ""
    questions = instrument_now().form_questions("optional")
    own = {f"own-{row.id}": row.text for row in _on_form(round_)} | dict.fromkeys(NEW_FIELDS, "")
    return {
        "round": round_,
        "due_on": due_on,
        "period_example": period_now(),
        "options": [(one.key, one.spoken) for one in questions],
        "standard": [one.text for one in standard()],
        "own_questions": [(name, request.form.get(name, text)) for name, text in own.items()],
        "may_report": _may_report(round_),
        "new_key": request.form.get("key", round_.key),
        "posted": posted,
        "errors": posted.errors,
    }


def _school_year(round_: Round) -> int:
    """A round made in July for October is one of the new year's; what was used stays where it is.

    It comes back when the date does, for that may have been a slip.
    """
    year = min(round_.school_year, this_school_year())
    if round_.due_on:
        year = max(year, school_year_of(round_.due_on))
    if year == round_.school_year or (round_.id and was_used(round_)):
        return round_.school_year
    return year


def _may_report(round_: Round) -> bool:
    """Where the platform lets us; a deep link brings its own column along."""
    return asked_deep_linking() is not None or offered(visit().course_record(), round_)


def period_now() -> str:
    """What a teacher would call the present part of the year: "najaar 2026"."""
    day = today()
    name = _("voorjaar") if day.month < 8 else _("najaar")
    return f"{name} {day.year}"


def _on_form(round_: Round) -> list[RoundQuestion]:
    return [row for row in round_.questions if row.withdrawn_at is None] if round_.id else []


def _add(round_: Round, text: str) -> None:
    db.session.add(RoundQuestion(round_id=round_.id, text=text))


def _answered_keys(round_: Round) -> set[str]:
    """Keys of own questions somebody has begun to answer; never what they wrote."""
    keys = [f"{OWN}{row.id}" for row in _on_form(round_)]
    return set(
        db.session.scalars(
            select(Entry.key)
            .join(Conversation, Conversation.id == Entry.conversation_id)
            .where(Conversation.round_id == round_.id, Entry.key.in_(keys))
            .distinct()
        )
    )

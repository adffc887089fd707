"""Taking over the set-up of rounds: from the course this one is a copy of, or from last year.

Only set-up: title, period, questions, internship, reporting. No pupil, no conversation and no date
comes along, and nothing happens before the teacher chose. "Nee" is remembered with the course.
"""

from dataclasses import dataclass, field

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.enrolments import add_missing_conversations
from lti_tool.errands import unplaced_link
from lti_tool.form_questions import optional
from lti_tool.forms import Posted
from lti_tool.models import CopyDecision, Course, Round, RoundQuestion, db
from lti_tool.round_form import LONGEST_PERIOD, LONGEST_TITLE
from lti_tool.round_of_link import Source, attach, find_round, own_round, source_of

take_over = Blueprint("take_over", __name__, url_prefix="/s/<session_id>/take-over")


@dataclass
class Choice:
    """One round as the page offers it."""

    round: Round
    taken: bool
    title: str
    period: str
    questions: list[str] = field(default_factory=list)
    """What its form asks on top of the standard two."""


@take_over.get("/")
@requires(Right.ROUND)
def offer() -> Response:
    """Show what can be taken over; when that was settled meanwhile, go where the work is."""
    source = _source()
    if source is None:
        return redirect(url_for("start.start"), 303)
    return _page(source, Posted(), 200)


@take_over.post("/")
@requires(Right.ROUND)
def decide() -> Response:
    """Take the ticked rounds over, or begin anew."""
    course = db.session.scalars(
        select(Course).where(Course.id == visit().course.id).with_for_update()
    ).one()
    source = _source()
    if source is None:
        return redirect(url_for("start.start"), 303)
    if request.form.get("action") == "fresh":
        return _begin_anew(course, source)
    posted = Posted()
    chosen = _read(source, posted)
    if posted.errors:
        return _page(source, posted, 422)
    for one in chosen:
        _copy(course, one)
    if not source.new_year:
        course.copy_decision = CopyDecision.TAKEN_OVER
    link = unplaced_link()
    round_ = find_round(course, link) if link else None
    if link and round_:
        attach(round_, link)
    db.session.commit()
    return redirect(url_for("start.start" if round_ else "round_list.page"), 303)


def _source() -> Source | None:
    """Where to take over from; None when the activity has its round by now."""
    link = unplaced_link()
    if visit().round is not None or (link and find_round(visit().course_record(), link)):
        return None
    return source_of(visit().course_record(), link)


def _begin_anew(course: Course, source: Source) -> Response:
    link = unplaced_link()
    if not source.new_year:
        course.copy_decision = CopyDecision.DECLINED
    if link is None:
        db.session.commit()
        return redirect(url_for("rounds.new"), 303)
    round_ = own_round(course, link)
    add_missing_conversations(round_)
    db.session.commit()
    return redirect(url_for("rounds.edit", round_id=round_.id), 303)


def _choices(source: Source) -> list[Choice]:
    """What was posted, or everything ticked at first."""
    first = request.method != "POST"
    return [
        Choice(
            round=one,
            taken=first or f"take-{one.id}" in request.form,
            title=request.form.get(f"title-{one.id}", one.title),
            period=request.form.get(f"period-{one.id}", one.period),
            questions=[
                *(question.text for question in optional(one)),
                *(question.text for question in one.questions if not question.withdrawn_at),
            ],
        )
        for one in source.rounds
    ]


def _read(source: Source, posted: Posted) -> list[Choice]:
    chosen = [one for one in _choices(source) if one.taken]
    if not chosen and source.rounds:
        message = _("Kies minstens één ronde, of begin opnieuw.")
        posted.errors.append((f"take-{source.rounds[0].id}", message))
    for one in chosen:
        number = one.round.id
        one.title = posted.text(f"title-{number}", required=_("Geef de ronde een titel."))
        one.period = posted.text(f"period-{number}")
        if len(one.title) > LONGEST_TITLE:
            posted.errors.append((f"title-{number}", _("Maak de titel korter dan 200 tekens.")))
        if len(one.period) > LONGEST_PERIOD:
            posted.errors.append((f"period-{number}", _("Maak de periode korter dan 60 tekens.")))
    return chosen


def _copy(course: Course, chosen: Choice) -> None:
    old = chosen.round
    new = Round(
        course_id=course.id,
        title=chosen.title,
        period=chosen.period,
        copied_from_key=old.key,
        form_questions=list(old.form_questions),
        without_internship=old.without_internship,
        reports_preparation=old.reports_preparation,
    )
    db.session.add(new)
    db.session.flush()
    db.session.add_all(
        RoundQuestion(round_id=new.id, text=one.text)
        for one in old.questions
        if one.withdrawn_at is None
    )
    add_missing_conversations(new)


def _page(source: Source, posted: Posted, status: int) -> Response:
    page = render_template(
        "take_over/offer.html",
        source=source,
        choices=_choices(source),
        link=unplaced_link(),
        posted=posted,
        errors=posted.errors,
    )
    return make_response(page, status)

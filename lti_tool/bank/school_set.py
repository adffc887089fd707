"""The school's set: the administrator chooses shared questions for all, and hides source questions.

What is chosen is copied, so what its writer does with it later changes nothing for the school.
"""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from instrument import Group, Phase, Question
from lti_tool.access import Right, requires, visit
from lti_tool.bank.blueprint import group_of, known_phase, navigation, phases
from lti_tool.bank.colleagues import Shared, shared_in_school, shared_of
from lti_tool.forms import Posted
from lti_tool.models import (
    OwnQuestion,
    Registration,
    SchoolHidden,
    SchoolQuestion,
    db,
    now,
)
from lti_tool.question_bank import hidden_by_school, school_set, source_labels

school_bank = Blueprint("school_bank", __name__, url_prefix="/s/<session_id>/school-questions")


@dataclass(frozen=True)
class SourceLine:
    """A question of the source, and whether the school hides it."""

    question: Question
    labels: list[str]
    hidden: bool


@school_bank.get("/")
@requires(Right.ADMINISTRATION)
def start() -> Response:
    """Open at the first phase."""
    return redirect(url_for("school_bank.page", phase_key=phases()[0].key), 303)


@school_bank.get("/<phase_key>")
@requires(Right.ADMINISTRATION)
def page(phase_key: str) -> str:
    """Show one phase: what the school chose, what teachers share, and the source."""
    phase, school = known_phase(phase_key), visit().session.registration_id
    chosen, hidden = school_set(school, phase), hidden_by_school(school)
    return render_template(
        "bank/school.html",
        phase=phase,
        phase_groups=navigation("school_bank.page", phase, _marks(school)),
        chosen=chosen,
        titles={one.key: one.title for one in phase.groups},
        offered=_offered(phase, chosen),
        groups=[(group, _lines(group, hidden)) for group in phase.groups],
    )


@school_bank.post("/<phase_key>/chosen/<int:question_id>")
@requires(Right.ADMINISTRATION)
def choose(phase_key: str, question_id: int) -> Response:
    """Put a shared question in the set; a second time changes nothing."""
    phase = known_phase(phase_key)
    school = _lock()
    shared = db.session.scalars(
        shared_in_school().where(OwnQuestion.id == question_id, OwnQuestion.phase_key == phase.key)
    ).one_or_none()
    if shared is None:
        raise NotFound("no_such_question")
    if shared.id not in {one.chosen_from_id for one in school_set(school, phase)}:
        db.session.add(
            SchoolQuestion(
                registration_id=school,
                phase_key=phase.key,
                group_key=shared.group_key,
                text=shared.text,
                chosen_from_id=shared.id,
            )
        )
        db.session.commit()
    return _back(phase, "chosen")


@school_bank.post("/<phase_key>/withdrawn/<int:question_id>")
@requires(Right.ADMINISTRATION)
def withdraw(phase_key: str, question_id: int) -> Response:
    """Take a question out of the set; copies and earlier conversations keep it."""
    phase = known_phase(phase_key)
    question = db.session.scalars(
        select(SchoolQuestion).where(
            SchoolQuestion.id == question_id,
            SchoolQuestion.registration_id == visit().session.registration_id,
            SchoolQuestion.phase_key == phase.key,
        )
    ).one_or_none()
    if question is None:
        raise NotFound("no_such_question")
    question.withdrawn_at = question.withdrawn_at or now()
    db.session.commit()
    return _back(phase, "chosen")


@school_bank.post("/<phase_key>/hidden/<question_key>")
@requires(Right.ADMINISTRATION)
def hide(phase_key: str, question_key: str) -> Response:
    """Hide a question of the source for every teacher, or show it again, as the form says."""
    phase = known_phase(phase_key)
    group_of(phase, question_key)
    school = _lock()
    if not Posted().ticked("hidden"):
        db.session.execute(
            delete(SchoolHidden).where(
                SchoolHidden.registration_id == school, SchoolHidden.question_key == question_key
            )
        )
    elif question_key not in hidden_by_school(school):
        db.session.add(SchoolHidden(registration_id=school, question_key=question_key))
    db.session.commit()
    return _back(phase, f"hide-{question_key}")


def _lock() -> int:
    """One change at a time: two windows would each make the same row."""
    school = visit().session.registration_id
    query = select(Registration.id).where(Registration.id == school).with_for_update()
    return db.session.scalars(query).one()


def _back(phase: Phase, place: str) -> Response:
    return redirect(url_for("school_bank.page", phase_key=phase.key, _anchor=place), 303)


def _offered(phase: Phase, chosen: list[SchoolQuestion]) -> list[Shared]:
    """What teachers share and the school has not chosen yet."""
    taken = {one.chosen_from_id for one in chosen}
    return [one for one in shared_of(phase, shared_in_school()) if one.question.id not in taken]


def _lines(group: Group, hidden: frozenset[str]) -> list[SourceLine]:
    def line(question: Question) -> SourceLine:
        off = question.key in hidden
        state = [_("verborgen")] if off else []
        return SourceLine(question, [_("bron"), *source_labels(question), *state], off)

    return [line(one) for one in group.questions]


def _marks(school: int) -> dict[str, str]:
    rows = db.session.execute(
        select(SchoolQuestion.phase_key, func.count())
        .where(SchoolQuestion.registration_id == school, SchoolQuestion.withdrawn_at.is_(None))
        .group_by(SchoolQuestion.phase_key)
    )
    return {key: _("%(num)s gekozen", num=many) for key, many in rows.tuples()}

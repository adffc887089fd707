"""What teachers of one school share with each other: questions, never anything about a pupil."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, select

from instrument import Phase
from lti_tool.access import visit
from lti_tool.instrument_now import instrument_now
from lti_tool.models import OwnQuestion, Person, Visibility, db
from lti_tool.question_bank import Shelf


@dataclass(frozen=True)
class Shared:
    """A question somebody shares with their school."""

    question: OwnQuestion
    sharer: str
    group: str
    """The title of the group it stands in."""
    source: str
    """The source's words it is another wording of; "" for a new question."""
    taken: bool = False
    """It was taken over already, and the copy is in use."""


def shared_in_school() -> Select[tuple[OwnQuestion, str]]:
    """The questions shared in the school of this visit, with the name of who shares them."""
    return (
        select(OwnQuestion, Person.name)
        .join(Person, Person.id == OwnQuestion.person_id)
        .where(
            Person.registration_id == visit().session.registration_id,
            OwnQuestion.visibility == Visibility.SCHOOL_INSTRUMENT,
            OwnQuestion.withdrawn_at.is_(None),
        )
        .order_by(OwnQuestion.id)
    )


def shared_of(phase: Phase, rows: Select[tuple[OwnQuestion, str]]) -> list[Shared]:
    """Those of one phase, in one statement."""
    questions = instrument_now().question_by_key
    groups = {one.key: one.title for one in phase.groups}
    return [
        Shared(
            question=question,
            sharer=name or _("een collega"),
            group=groups.get(question.group_key, ""),
            source=questions[question.replaces_key].spoken
            if question.replaces_key in questions
            else "",
        )
        for question, name in db.session.execute(
            rows.where(OwnQuestion.phase_key == phase.key)
        ).tuples()
    ]


def of_colleagues(phase: Phase, shelf: Shelf) -> list[Shared]:
    """What others of this school share at a phase."""
    taken = {one.copied_from_id for one in shelf.own}
    others = shared_in_school().where(OwnQuestion.person_id != visit().person.id)
    return [
        Shared(one.question, one.sharer, one.group, one.source, one.question.id in taken)
        for one in shared_of(phase, others)
    ]

"""The questions of a phase as one teacher has them: the source's, the school's and their own.

What bank and guide agree on. The source never changes (X10): another wording, an order and hiding
are rows beside it, and without them everything stands as the source has it (X8).
"""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from instrument import Group, Phase, Question
from lti_tool.access import visit
from lti_tool.models import (
    OwnQuestion,
    QuestionPlace,
    Round,
    SchoolHidden,
    SchoolQuestion,
    Visibility,
    db,
    now,
)

INTERNSHIP = "internship"


@dataclass(frozen=True)
class Item:
    """One question. `own` is the teacher's row: their question, or their wording of `source`."""

    key: str
    """What it is arranged under: the source's key, "school-<id>" or "own-<id>"."""
    source: Question | None = None
    school: SchoolQuestion | None = None
    own: OwnQuestion | None = None
    hidden: bool = False
    hidden_by_school: bool = False
    follows: str | None = None
    """The question of this group it follows up on: it stays behind that one."""

    @property
    def text(self) -> str:
        """The words this teacher asks it in."""
        if self.own is not None:
            return self.own.text
        if self.school is not None:
            return self.school.text
        return self.source.spoken if self.source else ""

    @property
    def mark_key(self) -> str:
        """What a conversation notes down when it was asked."""
        return self.own.mark_key if self.own else self.key

    @property
    def shown(self) -> bool:
        """Whether the guide shows it."""
        return not (self.hidden or self.hidden_by_school)

    def fits(self, round_: Round) -> bool:
        """Whether it is shown, and the round's class has what it asks about (X8)."""
        of_internship = self.source is not None and INTERNSHIP in self.source.labels
        return self.shown and not (round_.without_internship and of_internship)


@dataclass(frozen=True)
class Shelf:
    """Everything beside the source that arranges one phase for one teacher."""

    own: list[OwnQuestion] = field(default_factory=list)
    school: list[SchoolQuestion] = field(default_factory=list)
    places: dict[str, QuestionPlace] = field(default_factory=dict)
    hidden_by_school: frozenset[str] = frozenset()

    def items(self, group: Group) -> list[Item]:
        """All questions of a group in this teacher's order, also the hidden ones."""
        found = [*self._of_source(group), *self._of_school(group), *self._of_teacher(group)]
        firsts = [one for one in found if one.follows is None]
        firsts.sort(key=lambda one: self._place(one.key))
        return [item for first in firsts for item in (first, *_behind(first, found))]

    def movable(self, group: Group) -> list[str]:
        """The keys of a group that have a place of their own, in order."""
        return [one.key for one in self.items(group) if one.follows is None]

    def _place(self, key: str) -> tuple[bool, int]:
        """New questions come after those that were put somewhere; sorting keeps the rest."""
        row = self.places.get(key)
        place = row.place if row else None
        return place is None, place or 0

    def _hidden(self, key: str) -> bool:
        return key in self.places and self.places[key].hidden

    def _of_source(self, group: Group) -> list[Item]:
        keys = {one.key for one in group.questions}
        items: dict[str, Item] = {}
        for question in group.questions:
            follows = question.follows if question.follows in keys else None
            before = items.get(follows) if follows else None
            items[question.key] = Item(
                question.key,
                source=question,
                own=next(
                    (one for one in reversed(self.own) if one.replaces_key == question.key), None
                ),
                # What follows up on a question says nothing without it.
                hidden=self._hidden(question.key) or bool(before and before.hidden),
                hidden_by_school=question.key in self.hidden_by_school
                or bool(before and before.hidden_by_school),
                follows=follows,
            )
        return list(items.values())

    def _of_school(self, group: Group) -> list[Item]:
        mine = {one.id for one in self.own} | {one.copied_from_id for one in self.own}
        return [
            Item(one.bank_key, school=one, hidden=self._hidden(one.bank_key))
            for one in self.school
            if one.group_key == group.key and one.chosen_from_id not in mine - {None}
        ]

    def _of_teacher(self, group: Group) -> list[Item]:
        return [
            Item(one.bank_key, own=one)
            for one in self.own
            if one.group_key == group.key and one.replaces_key is None
        ]


def _behind(first: Item, items: list[Item]) -> list[Item]:
    """What follows up on a question, and on those in turn, in the source's order."""
    found = []
    for one in items:
        if one.follows == first.key:
            found += [one, *_behind(one, items)]
    return found


def source_labels(question: Question) -> list[str]:
    """What is said beside a question of the source."""
    words = {"sensitive": _("gevoelig"), INTERNSHIP: _("stage"), "work": _("werk")}
    labels = [said for label, said in words.items() if label in question.labels]
    return [*labels, _("vervolgvraag")] if question.follows else labels


def load_shelf(*phases: Phase) -> Shelf:
    """Read what this teacher and their school made of phases, in a fixed number of statements."""
    person_id, registration_id = visit().person.id, visit().session.registration_id
    own = db.session.scalars(
        select(OwnQuestion)
        .where(
            OwnQuestion.person_id == person_id,
            OwnQuestion.phase_key.in_([one.key for one in phases]),
            OwnQuestion.withdrawn_at.is_(None),
        )
        .order_by(OwnQuestion.id)
    ).all()
    places = db.session.scalars(select(QuestionPlace).where(QuestionPlace.person_id == person_id))
    return Shelf(
        own=list(own),
        school=school_set(registration_id, *phases),
        places={one.question_key: one for one in places},
        hidden_by_school=hidden_by_school(registration_id),
    )


def school_set(registration_id: int, *phases: Phase) -> list[SchoolQuestion]:
    """The school's own questions of these phases, oldest first."""
    rows = db.session.scalars(
        select(SchoolQuestion)
        .where(
            SchoolQuestion.registration_id == registration_id,
            SchoolQuestion.phase_key.in_([one.key for one in phases]),
            SchoolQuestion.withdrawn_at.is_(None),
        )
        .order_by(SchoolQuestion.id)
    )
    return list(rows)


def hidden_by_school(registration_id: int) -> frozenset[str]:
    """The keys of the source's questions that no teacher of this school meets."""
    return frozenset(
        db.session.scalars(
            select(SchoolHidden.question_key).where(SchoolHidden.registration_id == registration_id)
        )
    )


def add_own(
    phase: Phase,
    group_key: str,
    text: str,
    *,
    replaces: str | None = None,
    copied_from_id: int | None = None,
) -> OwnQuestion:
    """Add a question of the teacher's own, or their wording of one. Flushes.

    An earlier wording of the same question makes room; it can be put back.
    """
    if replaces is not None:
        make_room(replaces)
    question = OwnQuestion(
        person_id=visit().person.id,
        phase_key=phase.key,
        group_key=group_key,
        replaces_key=replaces,
        text=text,
        copied_from_id=copied_from_id,
    )
    db.session.add(question)
    db.session.flush()
    return question


def make_room(source_key: str) -> None:
    """Withdraw this teacher's wording of a source question: one stands in its place at a time."""
    for one in db.session.scalars(
        select(OwnQuestion).where(
            OwnQuestion.person_id == visit().person.id,
            OwnQuestion.replaces_key == source_key,
            OwnQuestion.withdrawn_at.is_(None),
        )
    ):
        withdraw(one)


def mine(question_id: int) -> OwnQuestion:
    """A question of this teacher's own, also one taken away; else NotFound."""
    question = db.session.scalars(
        select(OwnQuestion).where(
            OwnQuestion.id == question_id, OwnQuestion.person_id == visit().person.id
        )
    ).one_or_none()
    if question is None:
        raise NotFound("no_such_question")
    return question


def withdraw(question: OwnQuestion) -> None:
    """Take a question out of its teacher's guide, and out of what colleagues can take over."""
    question.withdrawn_at = question.withdrawn_at or now()
    question.visibility = Visibility.TEACHER_INSTRUMENT

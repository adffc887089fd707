"""The example questions of a screen, in their groups: the source's and the teacher's own.

A teacher's wording of a source question stands in its place; taking it away brings the source's
back, which never changes (X10).
"""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select

from instrument import Group, Phase, Question
from lti_tool.access import visit
from lti_tool.guide.page import Screen
from lti_tool.instrument_now import instrument_now
from lti_tool.models import OwnQuestion, db

INTERNSHIP = "internship"
QUALITIES = "kwaliteiten"


@dataclass(frozen=True)
class Part:
    """A sub-question with a tick of its own; `probe`: the source asks on after this one."""

    key: str
    text: str
    probe: bool


@dataclass(frozen=True)
class Asked:
    """A question as the guide shows it. `own` is the row of a teacher's wording."""

    key: str
    text: str
    labels: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    own: OwnQuestion | None = None
    original: str = ""
    """The source's words, when a teacher's own stand in their place."""
    named: list[str] = field(default_factory=list)
    """Qualities named so far, at the questions that build on them (V3)."""


@dataclass(frozen=True)
class ShownGroup:
    """A group with the questions of this teacher; `source` carries title, kind and condition."""

    source: Group
    questions: list[Asked]
    experience: str
    """The anchor, where the group says "aan de hand van de ervaring"."""
    offered: bool = False
    """A fallback group while nothing was named at its phase in this conversation."""

    @property
    def replaceable(self) -> list[tuple[str, str]]:
        """Key and words of the source's questions on this screen, to word differently."""
        return [(one.key, one.text) for one in self.questions if one.own is None]


def shown_groups(screen: Screen, phase: Phase) -> list[ShownGroup]:
    """All groups of a phase in the source's order; the teacher's own unless the pupil chairs."""
    own = [] if screen.pupil_chairs else own_questions(phase.key)
    without = screen.conversation.round.without_internship
    anchor = screen.anchor
    return [
        ShownGroup(
            source=group,
            questions=[
                _asked(screen, question, own)
                for question in group.questions
                if not (without and INTERNSHIP in question.labels)
            ]
            + [
                Asked(f"own-{one.id}", one.text, [_("eigen")], own=one)
                for one in own
                if one.group_key == group.key and one.replaces_key is None
            ],
            experience=anchor.text if anchor and _starts_from_experience(group, phase) else "",
            offered=group.kind == "fallback" and not screen.named(phase.key),
        )
        for group in phase.groups
    ]


def probe(phase: Phase) -> Group | None:
    """The group "doorvragen" (gd-g2): at hand under every question of the conversation (G7)."""
    if phase.step != "conversation":
        return None
    return next(
        one for one in instrument_now().phase_by_key["doel"].groups if one.kind == "probing"
    )


def own_questions(phase_key: str) -> list[OwnQuestion]:
    """The teacher's own questions of a phase, oldest first."""
    rows = db.session.scalars(
        select(OwnQuestion)
        .where(
            OwnQuestion.person_id == visit().person.id,
            OwnQuestion.phase_key == phase_key,
            OwnQuestion.withdrawn_at.is_(None),
        )
        .order_by(OwnQuestion.id)
    )
    return list(rows)


def mark_keys(phase: Phase) -> set[str]:
    """What can be ticked as asked on this phase's screen."""
    keys = {f"own-{one.id}" for one in own_questions(phase.key)}
    for question in phase.questions:
        keys |= {question.key, *(part.key for part in _parts(question))}
    return keys


def _asked(screen: Screen, question: Question, own: list[OwnQuestion]) -> Asked:
    labels = [words for label, words in _label_words().items() if label in question.labels]
    if question.follows:
        labels.append(_("vervolgvraag"))
    named = []
    if "named_qualities" in question.labels:
        rows = screen.named(QUALITIES) + screen.past.named(QUALITIES)
        named = list(dict.fromkeys(one.text for one in rows))
    mine = next((one for one in reversed(own) if one.replaces_key == question.key), None)
    if mine is None:
        parts = _parts(question)
        return Asked(question.key, question.spoken, labels, parts=parts, named=named)
    return Asked(
        f"own-{mine.id}",
        mine.text,
        [_("eigen versie"), *labels],
        own=mine,
        original=question.spoken,
        named=named,
    )


def _parts(question: Question) -> list[Part]:
    return [
        Part(f"{question.key}-{number}", text, text == question.probe_after)
        for number, text in enumerate(question.subquestions, start=1)
    ]


def _starts_from_experience(group: Group, phase: Phase) -> bool:
    return phase.number > 3 and "ervaring" in group.title.lower()


def _label_words() -> dict[str, str]:
    return {"sensitive": _("gevoelig"), INTERNSHIP: _("stage"), "work": _("werk")}

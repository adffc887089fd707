"""The example questions of a screen, in their groups: the source's, the school's, the teacher's.

The order is the teacher's, and what they or their school hid is left out. A teacher's wording of a
source question stands in its place; taking it away brings the source's back (X10).
"""

from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from instrument import Group, Phase, Question
from lti_tool.guide.page import Screen
from lti_tool.instrument_now import instrument_now
from lti_tool.models import OwnQuestion, State
from lti_tool.question_bank import Item, load_shelf, source_labels

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
    from_source: bool = False


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
        return [(one.key, one.text) for one in self.questions if one.from_source]


def shown_groups(screen: Screen, phase: Phase) -> list[ShownGroup]:
    """All groups of a phase; with the pupil in the chair only what is the source's own."""
    shelf = load_shelf(phase)
    if screen.pupil_chairs:
        shelf = replace(shelf, own=[], school=[])
    anchor = screen.anchor
    return [
        ShownGroup(
            source=group,
            questions=[
                _asked(screen, item)
                for item in shelf.items(group)
                if item.fits(screen.conversation.round)
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


def mark_words(phase: Phase) -> dict[str, str]:
    """What can be ticked as asked on this phase's screen: its key, and the words it is asked in."""
    shelf = load_shelf(phase)
    found: dict[str, str] = {}
    for group in phase.groups:
        for item in shelf.items(group):
            if item.source:
                found[item.source.key] = item.source.spoken
                found |= item.source.parts
            found[item.mark_key] = item.text
    return found


def _asked(screen: Screen, item: Item) -> Asked:
    if item.source is None:
        label = _("eigen") if item.own else _("school")
        return Asked(item.mark_key, _said(screen, item), [label], own=item.own)
    question = item.source
    labels = source_labels(question)
    named = []
    if "named_qualities" in question.labels:
        rows = screen.named(QUALITIES) + screen.past.named(QUALITIES)
        named = list(dict.fromkeys(one.text for one in rows))
    if item.own is None:
        parts = _parts(question)
        said = _said(screen, item)
        return Asked(item.key, said, labels, parts=parts, named=named, from_source=True)
    return Asked(
        item.mark_key,
        _said(screen, item),
        [_("eigen versie"), *labels],
        own=item.own,
        original=question.spoken,
        named=named,
    )


def _said(screen: Screen, item: Item) -> str:
    """A conversation that is over keeps the words it was held with (Q1)."""
    if screen.conversation.state == State.CLOSED:
        return screen.asked.get(item.mark_key) or item.text
    return item.text


def _parts(question: Question) -> list[Part]:
    return [Part(key, text, text == question.probe_after) for key, text in question.parts.items()]


def _starts_from_experience(group: Group, phase: Phase) -> bool:
    return phase.number > 3 and "ervaring" in group.title.lower()

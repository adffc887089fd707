"""The instrument as frozen data.

`text` is what people see; `source_text` is the source's own wording where we corrected it
(see `Correction`), so that every change stays traceable.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict

DUTCH = "nl"
"""The language of the source."""
StepKey = Literal["before", "conversation", "closing", "after"]
GroupKind = Literal["ordinary", "probing", "fallback", "try_out"]
Outcome = Literal["assignment", "evidence", "action"]
Label = Literal[
    "sensitive", "internship", "work", "experience", "named_qualities", "agreement_on_goals"
]


class Model(BaseModel):
    """Frozen, and strict about unknown keys: a typing error in the content must not pass."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(Model):
    """One sentence of the source under a key that never changes."""

    key: str
    text: str
    source_text: str | None = None

    @property
    def source(self) -> str:
        """The sentence exactly as the source has it."""
        return self.source_text or self.text


class Explanation(Line):
    """A sentence for the teacher; `kind` says whether it is a rule, a task or background."""

    kind: Literal[
        "background",
        "rule",
        "teacher_task",
        "teacher_choice",
        "teacher_fill",
        "joint_task",
        "core_questions",
        "reference",
    ]
    refers_to: tuple[str, ...] = ()


class CoreQuestion(Line):
    """A question that marks the superficial or the deeper level of a phase."""

    theme: bool = False
    """True where the source gives a theme and no question (nw-d1)."""


class Question(Line):
    """An example question. `help`, `subquestions`, `text_je` and `labels` are our additions."""

    text_je: str | None = None
    subquestions: tuple[str, ...] = ()
    probe_after: str | None = None
    """The subquestion after which the source says "(doorvragen)"."""
    follows: str | None = None
    """Key of the question this one follows up on."""
    leads_to: Outcome | None = None
    form: Literal["standard", "optional"] | None = None
    """Whether pupils answer it beforehand: always, when the teacher adds it, or never."""
    help: str | None = None
    labels: tuple[Label, ...] = ()

    @property
    def spoken(self) -> str:
        """The wording that addresses the pupil directly."""
        return self.text_je or self.text

    @property
    def parts(self) -> dict[str, str]:
        """The subquestions under keys of their own: the question's, and a number from 1."""
        return {
            f"{self.key}-{number}": text for number, text in enumerate(self.subquestions, start=1)
        }


class Group(Model):
    """Questions that belong together, with the condition under which they are offered."""

    key: str
    title: str
    kind: GroupKind
    source_intro: str | None = None
    condition: str | None = None
    leads_to: Outcome | None = None
    questions: tuple[Question, ...]


class CareerQuestion(Model):
    """The label row (WAAROM, WAAR, HOE, WIE); `in_source` is False for our addition WAT."""

    label: str
    text: str
    in_source: bool
    source_row: int | None = None


class CoreQuestions(Model):
    """The two levels of a phase, as the source sets them side by side."""

    superficial: tuple[CoreQuestion, ...]
    deeper: tuple[CoreQuestion, ...]


class Phase(Model):
    """One row of the instrument."""

    key: str
    number: int
    step: StepKey
    title: str
    source_row: int
    source_title: str | None = None
    keywords: tuple[str, ...] = ()
    career_question: CareerQuestion | None = None
    explanation: tuple[Explanation, ...]
    core_questions: CoreQuestions | None = None
    instructions: tuple[Line, ...] = ()
    groups: tuple[Group, ...] = ()
    derived_questions: tuple[Line, ...] = ()
    tips: tuple[Line, ...] = ()

    @property
    def questions(self) -> Iterator[Question]:
        """All example questions of this phase, in the source's order."""
        return (question for group in self.groups for question in group.questions)


class Step(Model):
    """Voorbereiding, Gesprek, Afronding or Reflectie, with the phases under it."""

    key: StepKey
    title: str
    phases: tuple[str, ...]


class Column(Model):
    """One of the four columns of the source's table."""

    key: str
    title: str
    filled_in_by_teacher: bool


class Correction(Model):
    """A change we made to the source's wording."""

    number: int
    place: str
    source: str
    becomes: str
    kind: str


class Instrument(Model):
    """The whole instrument, one version of it."""

    key: str
    version: str
    language: str
    title: str
    introduction: tuple[Line, ...]
    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    phases: tuple[Phase, ...]
    corrections: tuple[Correction, ...]

    @property
    def is_translation(self) -> bool:
        """Whether these are our words, and the Dutch ones are leading."""
        return self.language != DUTCH

    @cached_property
    def phase_by_key(self) -> dict[str, Phase]:
        return {phase.key: phase for phase in self.phases}

    @cached_property
    def question_by_key(self) -> dict[str, Question]:
        return {question.key: question for phase in self.phases for question in phase.questions}

    def form_questions(self, kind: Literal["standard", "optional"]) -> tuple[Question, ...]:
        """The questions a pupil may meet beforehand, in the source's order."""
        return tuple(
            question for question in self.question_by_key.values() if question.form == kind
        )

"""Which written fields a conversation has: who writes each, who reads it, and until when.

Keys are "<sort>.<name>"; the name is a question or phase of the instrument where there is one.

| key | writer | level |
|---|---|---|
| prep.<question>, prep.own-<id>, prep.* | pupil or teacher, their own | draft, shared when sent |
| note.<phase>, conclusion.<phase>, motive.*, agreed.remark | teacher | shared |
| own-question.text, evaluation.<question>, next.* | pupil and teacher | shared |
| my-view.text | pupil, once it is closed | shared |
| sheet.* | pupil, once it is closed | pupil draft: never sent to anybody by us |
| private.<phase>, private.lookup | teacher | teacher, this pupil |
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import instrument
from lti_tool.form_questions import is_own
from lti_tool.models import BEFORE_START, Conversation, Role, State, Visibility, now

LONGEST_TEXT = 20_000
"""Characters; about ten pages."""
OPEN_AFTER_CLOSING = timedelta(days=14)
"""How long a pupil may still answer the evaluation and the next topic (G40)."""

EVALUATION = ("af-v01", "af-v02", "af-v03")
NEXT = ("topic", "pupil", "teacher", "approach")
MY_VIEW = "my-view.text"
"""How the pupil sees what was written down, once the conversation is closed."""
SHEET = ("goals", "results", "evaluation", "next")
"""The parts of the "Blad voor je loopbaandossier"."""
MOTIVE = ("situation", "meaning", "next")
BOTH = frozenset({Role.PUPIL, Role.TEACHER})
TEACHER = frozenset({Role.TEACHER})
STARTED = frozenset({State.STARTED})
CLOSED = frozenset({State.CLOSED})
ANY = frozenset(State)


@dataclass(frozen=True)
class Field:
    """One field as one role meets it."""

    key: str
    level: Visibility
    own: bool
    """True: the row belongs to its writer. False: to the pupil, whoever writes."""
    open_in: frozenset[State]
    open_after_closing: bool = False
    holders: bool = False
    """Only whoever holds or held the conversation writes it."""

    def is_open(self, conversation: Conversation) -> bool:
        """Whether it may be written now."""
        if conversation.state in self.open_in:
            return True
        closed = conversation.closed_at
        return (
            self.open_after_closing and closed is not None and now() - closed <= OPEN_AFTER_CLOSING
        )

    def owner_id(self, conversation: Conversation, writer_id: int) -> int:
        """The enrolment whose row this is."""
        return writer_id if self.own else conversation.pupil_id


def field(key: str, role: Role) -> Field | None:
    """Return the field as `role` may write it; None when it does not exist or is not theirs.

    Whether an own question is on this round's form is for `form_questions.exists` to say.
    """
    if role is Role.PUPIL and is_own(key):
        return Field(key, Visibility.PUPIL_DRAFT, own=True, open_in=BEFORE_START)
    return fields(role).get(key)


def drafts_of(role: Role) -> list[Field]:
    """What `role` prepares as a draft, to share by sending it or by beginning the conversation."""
    return [one for one in fields(role).values() if one.key.startswith("prep.")]


@cache
def fields(role: Role) -> dict[str, Field]:
    """All fields `role` may write, by key, but for answers to a teacher's own questions."""
    return {one.key: one for one in [*_preparation(role), *_conversation(role)]}


def _preparation(role: Role) -> list[Field]:
    content = instrument.load()  # noqa: TID251 only its keys
    names = [question.key for question in content.form_questions("standard")]
    if role is Role.PUPIL:
        names += [question.key for question in content.form_questions("optional")]
        level = Visibility.PUPIL_DRAFT
    else:
        names += ["intended-result", "lookup"]
        level = Visibility.TEACHER_DRAFT
    return [Field(f"prep.{name}", level, own=True, open_in=BEFORE_START) for name in names]


def _conversation(role: Role) -> list[Field]:
    both = [f"evaluation.{key}" for key in EVALUATION]
    both += [f"next.{name}" for name in NEXT]
    shared = [
        Field(
            key,
            Visibility.SHARED,
            own=False,
            open_in=STARTED,
            open_after_closing=role is Role.PUPIL,  # a teacher puts right, with history
        )
        for key in both
    ]
    shared.append(Field("own-question.text", Visibility.SHARED, own=False, open_in=STARTED))
    if role is Role.PUPIL:
        keys = [f"sheet.{name}" for name in SHEET]
        return [
            *shared,
            Field(MY_VIEW, Visibility.SHARED, own=False, open_in=CLOSED),
            *(Field(key, Visibility.PUPIL_DRAFT, own=True, open_in=CLOSED) for key in keys),
        ]
    phases = instrument.load().phases  # noqa: TID251 only its keys
    keys = [f"note.{phase.key}" for phase in phases if phase.step in {"conversation", "closing"}]
    keys += [f"conclusion.{phase.key}" for phase in phases if phase.career_question]
    keys += [f"motive.{name}" for name in MOTIVE]
    keys += ["agreed.remark"]
    shared += [Field(key, Visibility.SHARED, own=False, open_in=STARTED) for key in keys]
    private = [f"private.{phase.key}" for phase in phases] + ["private.lookup"]
    return shared + [
        Field(
            key,
            Visibility.TEACHER_PUPIL,
            own=True,
            open_in=ANY,
            holders=key == "private.reflectie",
        )
        for key in private
    ]

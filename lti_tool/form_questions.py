"""The questions of a round's form: the instrument's, and the teacher's own.

A question of the teacher's own has the key `prep.own-<id>`. When it is taken off the form, who
answered it keeps it there, so that no answer disappears, and reads it everywhere in its own words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lti_tool.instrument_now import instrument_now
from lti_tool.models import Round, RoundQuestion

OWN = "prep.own-"
OWN_KEY = re.compile(r"prep\.own-([1-9][0-9]{0,18})")


@dataclass(frozen=True)
class FormQuestion:
    """One question as a pupil meets it; `key` is that of its answer."""

    key: str
    text: str
    help: str = ""
    withdrawn: bool = False


def is_own(key: str) -> bool:
    """Whether this is the key of an answer to a teacher's own question."""
    return OWN_KEY.fullmatch(key) is not None


def standard() -> list[FormQuestion]:
    """The two that everybody gets."""
    return _of_instrument("standard")


def optional(round_: Round) -> list[FormQuestion]:
    """Those of the instrument that the teacher added."""
    chosen = {f"prep.{key}" for key in round_.form_questions}
    return [one for one in _of_instrument("optional") if one.key in chosen]


def own(round_: Round, answered: Callable[[str], bool]) -> list[FormQuestion]:
    """The teacher's own on the form, and those taken off it for which `answered(key)` holds."""
    found = [_own(one) for one in round_.questions]
    return [one for one in found if not one.withdrawn or answered(one.key)]


def all_of(round_: Round) -> list[FormQuestion]:
    """Every question that may have an answer in this round, in the order of the form."""
    own_ones = [_own(one) for one in round_.questions]
    return [*standard(), *_of_instrument("optional"), *own_ones]


def answers(round_: Round, text_of: Callable[[str], str]) -> list[tuple[str, str]]:
    """Question and answer of all that `text_of` has a text for."""
    return [(one.text, text_of(one.key)) for one in all_of(round_) if text_of(one.key)]


def exists(round_: Round, key: str) -> bool:
    """Whether an own question's key is one of this round; true for all other keys."""
    return not key.startswith(OWN) or any(_own(one).key == key for one in round_.questions)


def _of_instrument(kind: str) -> list[FormQuestion]:
    return [
        FormQuestion(key=f"prep.{one.key}", text=one.spoken, help=one.help or "")
        for one in instrument_now().question_by_key.values()
        if one.form == kind
    ]


def _own(row: RoundQuestion) -> FormQuestion:
    return FormQuestion(key=f"{OWN}{row.id}", text=row.text, withdrawn=row.withdrawn_at is not None)

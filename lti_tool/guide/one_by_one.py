"""Questions one at a time: which one is on the table, and which come before and after it.

A compound question is asked in its parts, one by one. Any question can be chosen; going on skips a
fallback group that nobody needs and the group "doorvragen", which is under every question anyway.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lti_tool.guide.groups import Asked, Part, ShownGroup


@dataclass(frozen=True)
class Step:
    """One question, or one part of a compound one, in its group."""

    group: ShownGroup
    question: Asked
    part: Part | None = None

    @property
    def key(self) -> str:
        """What is ticked, and what `?q=` names."""
        return self.part.key if self.part else self.question.key

    @property
    def text(self) -> str:
        """What is said aloud."""
        return self.part.text if self.part else self.question.text


@dataclass(frozen=True)
class OneByOne:
    """The question on the table, and the way on; `steps` is all there is to choose from."""

    steps: Sequence[Step]
    step: Step
    number: int
    total: int
    previous: Step | None
    following: Step | None


def one_by_one(groups: Sequence[ShownGroup], chosen: str) -> OneByOne | None:
    """The chosen question; the first when none was chosen. None where a phase has no questions."""
    steps = [step for group in groups for step in _steps(group)]
    if not steps:
        return None
    step = next((one for one in steps if one.key == chosen), steps[0])
    walked = [one for one in steps if one.group is step.group or _is_walked(one.group)]
    place = walked.index(step)
    return OneByOne(
        steps=steps,
        step=step,
        number=place + 1,
        total=len(walked),
        previous=walked[place - 1] if place else None,
        following=walked[place + 1] if place + 1 < len(walked) else None,
    )


def _steps(group: ShownGroup) -> list[Step]:
    steps = []
    for question in group.questions:
        parts: Sequence[Part | None] = question.parts or [None]
        steps += [Step(group, question, part) for part in parts]
    return steps


def _is_walked(group: ShownGroup) -> bool:
    kind = group.source.kind
    return group.offered if kind == "fallback" else kind != "probing"

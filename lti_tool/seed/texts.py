"""The invented texts: people, what a pupil's years are about, and what anybody may say."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "content"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One conversation of a story, in the pupil's words."""

    wish: str
    topic: str
    goal: str
    experience: str
    quality: str
    motive: str
    where: str
    action: str
    done_when: str
    doubt: str = ""
    find_out: str = ""
    """The assignment that comes of the doubt, and below what came of it."""
    found: str = ""


@cache
def stories() -> tuple[tuple[Step, ...], ...]:
    """Each is a line of conversations over the years."""
    read = _read("stories")
    return tuple(tuple(Step(**step) for step in steps) for steps in read.values())


@cache
def general() -> dict[str, Any]:
    """What is said whatever the story is."""
    return _read("general")


@cache
def people() -> dict[str, Any]:
    """Names of people, and of courses."""
    return _read("people")


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return read

"""The school's own words in the interface texts, put in before any variable is filled in.

In English they are what the chosen words mean. What people wrote, and the instrument's own text, is
never touched: neither is a msgid.

The school also chooses whether Dutch texts address teachers and administrators with "je" or "u":
`formal_texts.py` has the second form, and the words are put into that. A pupil is always "je", and
so is everybody of whom no visit says who they are. The instrument stays as its source has it: its
questions are spoken to the pupil, and its explanations are the author's.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from flask import g
from flask_babel import Babel, Domain, refresh

from lti_tool.formal_texts import formal_texts
from lti_tool.languages import language_now
from lti_tool.models import Language, PendingLaunch, Role, SchoolWords, db
from lti_tool.models.school import Address
from lti_tool.who_asks import SessionFacts, WordsFacts

PLURALS = {
    "leerling": "leerlingen",
    "student": "studenten",
    "mentor": "mentoren",
    "docent": "docenten",
    "slb'er": "slb'ers",
    "praktijkopleider": "praktijkopleiders",
    "stagebegeleider": "stagebegeleiders",
    "loopbaangesprek": "loopbaangesprekken",
    "ontwikkelgesprek": "ontwikkelgesprekken",
    "lob-gesprek": "lob-gesprekken",
}
ENGLISH = {
    "leerling": ("pupil", "pupils"),
    "student": ("student", "students"),
    "mentor": ("mentor", "mentors"),
    "docent": ("teacher", "teachers"),
    "slb'er": ("career coach", "career coaches"),
    "praktijkopleider": ("workplace supervisor", "workplace supervisors"),
    "stagebegeleider": ("placement supervisor", "placement supervisors"),
    "loopbaangesprek": ("career conversation", "career conversations"),
    "ontwikkelgesprek": ("development conversation", "development conversations"),
    "lob-gesprek": ("guidance conversation", "guidance conversations"),
}
"""Singular and plural; each begins with a consonant, so that "a" before it stays right."""
PRODUCT = "Loopbaangesprek"
"""This text alone is the product's name, not the conversation's."""


class Words(NamedTuple):
    """What one school says; the defaults are what the interface is written in."""

    pupil: str = "leerling"
    teacher: str = "mentor"
    workplace: str = "praktijkopleider"
    conversation: str = "loopbaangesprek"


WRITTEN = Words()


class Voice(NamedTuple):
    """All that decides how a text comes out; for what is kept of several texts together."""

    language: str
    words: Words
    formal: bool


def voice_now() -> Voice:
    """How texts come out now."""
    language = language_now()
    formal = language == Language.DUTCH and bool(g and g.get("formal", False))
    return Voice(language, g.get("school_words", WRITTEN) if g else WRITTEN, formal)


def use_words_of(visit: SessionFacts | PendingLaunch) -> None:
    """Let this request speak as the visit's school chose, to whoever visits."""
    chosen = visit.registration.words
    if chosen is not None:
        to_pupil = visit.enrolment is not None and visit.enrolment.role is Role.PUPIL
        g.formal = chosen.to_teachers is Address.U and not to_pupil
        g.school_words = _words_of(chosen)
        g.without_internship = not chosen.with_internship
        refresh()


def say_je() -> None:
    """Let this request say "je" after all: a pupil looks along, and reads it as said to them."""
    if g.get("formal"):
        g.formal = False
        refresh()


def own_words(registration_id: int) -> SchoolWords:
    """The school's row, to write in; made with the words as written when there is none."""
    chosen = db.session.get(SchoolWords, registration_id)
    if chosen is None:
        chosen = SchoolWords(registration_id=registration_id)
        db.session.add(chosen)
    return chosen


def _words_of(chosen: SchoolWords | WordsFacts) -> Words:
    return Words(
        str(chosen.pupil), str(chosen.teacher), str(chosen.workplace), str(chosen.conversation)
    )


@contextmanager
def speaking(chosen: SchoolWords | None) -> Iterator[None]:
    """Let what is inside speak a school's words, where no visit does: a worker serves them all."""
    before = g.get("school_words", WRITTEN)
    g.school_words = _words_of(chosen) if chosen is not None else WRITTEN
    refresh()
    try:
        yield
    finally:
        g.school_words = before
        refresh()


@lru_cache(maxsize=8192)
def in_words(text: str, words: Words, language: str = Language.DUTCH) -> str:
    """Replace whole words only: no compound, no `command` and no %(variable)s."""
    if text == PRODUCT:
        return text
    new: dict[str, str] = {}
    for written, said in zip(WRITTEN, words, strict=True):
        if language == Language.ENGLISH:
            new.update(zip(ENGLISH[written], ENGLISH[said], strict=True))
        else:
            new.update({written: said, PLURALS[written]: PLURALS[said]})

    def replace(found: re.Match[str]) -> str:
        said = new[found[0].lower()]
        return said[0].upper() + said[1:] if found[0][0].isupper() else said

    return re.sub(rf"(?<![\w`-])(?<!%\()({'|'.join(new)})(?![\w-])", replace, text, flags=re.I)


class SchoolTranslations:
    """The translations of a school with words of its own."""

    def __init__(self, written: Any, words: Words) -> None:
        self._written, self._words = written, words

    def __getattr__(self, name: str) -> Any:
        """Every way of asking for a text, with the words replaced in the answer."""
        ask = getattr(self._written, name)
        return lambda *asked: in_words(ask(*asked), self._words, language_now())


class SchoolDomain(Domain):  # type: ignore[misc]
    """flask-babel's texts, in the words of the visit's school."""

    def get_translations(self) -> Any:
        """Without a school's own words: flask-babel's, or our formal ones, untouched.

        A page asks for many texts, so the answer is held where flask-babel keeps what a request
        speaks, under the name it empties itself when the language changes.
        """
        spoken = g.get("_flask_babel") if g else None
        held = getattr(spoken, "babel_translations", None)
        if held is not None:
            return held
        voice = voice_now()
        written = formal_texts() if voice.formal else super().get_translations()
        asked = written if voice.words == WRITTEN else SchoolTranslations(written, voice.words)
        if spoken is not None:
            spoken.babel_translations = asked
        return asked


def install(babel: Babel) -> None:
    """Let every text pass by here."""
    babel.domain_instance = SchoolDomain()

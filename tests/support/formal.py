"""A school that says "u" to its teachers, and what of its pages still says "je" to somebody."""

import re
from collections.abc import Iterator
from functools import cache

from flask import Flask

import instrument
from config.catalogue import PLACES, ROOT, parts
from config.formal import FAMILIAR, FILE, read
from lti_tool.models import Registration, SchoolWords, db
from lti_tool.models.school import Address

FORMAL = re.compile(r"\b(u|uw|uzelf)\b", re.IGNORECASE)
MAY_BE_SHOWN = {"said to a pupil", "about the word"}
"""Of the reasons to stay: those of which a teacher's page may show the texts."""
ONLY_IN_OTHERS = {"je mentor", "je mentor, %(name)s"}
"""Alone they could be a part of a text that should have changed."""


def choose(app: Flask, address: Address = Address.U) -> None:
    """Let every school there is address its teachers so."""
    with app.app_context():
        for registration in db.session.scalars(db.select(Registration)):
            words = registration.words or SchoolWords(registration_id=registration.id)
            words.to_teachers = address
            db.session.add(words)
        db.session.commit()


def familiar_in(texts: list[str]) -> list[str]:
    """The texts that say "je", but for what stays: the instrument, and what is said to pupils."""
    return [one for one in texts if FAMILIAR.search(_what_stays().sub(" ", one))]


@cache
def _what_stays() -> "re.Pattern[str]":
    """The instrument's texts, and those of ours that are for pupils whoever's page shows them."""
    kept = [
        ".+?".join(re.escape(part) for part in PLACES.split(text))
        for message in read(ROOT / FILE)
        if message.id and MAY_BE_SHOWN & set(message.user_comments)
        for text in parts(message.id)
        if text not in ONLY_IN_OTHERS
    ]
    content = (re.escape(one) for one in _all_texts(instrument.load().model_dump()))
    return re.compile("|".join(sorted([*kept, *content], key=len, reverse=True)))


def _all_texts(part: object) -> Iterator[str]:
    """Every text of the instrument in which somebody is addressed."""
    if isinstance(part, str):
        text = " ".join(part.split())
        if FAMILIAR.search(text):
            yield text
    elif isinstance(part, dict):
        for value in part.values():
            yield from _all_texts(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _all_texts(value)

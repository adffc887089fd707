"""A conversation notes the instrument's version, so other words need another version (Q1)."""

import hashlib

import instrument

SAID = {"2026.2": "6ca23e205e3730d4"}
"""What the Dutch instrument of each version says, in short. Add a line; never change one."""


def test_other_words_have_another_version() -> None:
    content = instrument.load()
    said = hashlib.sha256(content.model_dump_json(exclude={"version"}).encode()).hexdigest()[:16]
    assert SAID.get(content.version) == said, (
        "raise the version in instrument.yaml, and add it here"
    )

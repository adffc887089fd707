"""The content says what the source says, word for word, except where a correction is recorded."""

import re
from pathlib import Path

import pytest

from instrument import load
from instrument.model import Line, Phase

SOURCE = (Path(__file__).parent / "source.txt").read_text(encoding="utf-8").split("\n")
INSTRUMENT = load()


def words(text: str) -> str:
    """The text without markup and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()


def joined(lines: tuple[Line, ...]) -> str:
    return " ".join(line.source for line in lines)


def columns(phase: Phase) -> list[str]:
    questions = [joined(phase.instructions)]
    for group in phase.groups:
        questions += [group.source_intro or "", joined(group.questions)]
    return [
        phase.source_title or phase.title,
        joined(phase.explanation),
        " ".join(questions),
        ("→ " if phase.tips else "") + joined(phase.tips),
    ]


@pytest.mark.parametrize("phase", INSTRUMENT.phases, ids=lambda phase: phase.key)
def test_row_equals_the_source(phase: Phase) -> None:
    source = SOURCE[phase.source_row - 1].split("\t")
    assert [words(column) for column in columns(phase)] == [
        words(column) for column in source + [""] * (4 - len(source))
    ]


def test_every_content_row_of_the_source_is_used() -> None:
    rows = {phase.source_row for phase in INSTRUMENT.phases}
    rows |= {q.source_row for p in INSTRUMENT.phases if (q := p.career_question) and q.source_row}
    assert rows == set(range(18, 32))


def test_introduction_columns_and_label_rows_equal_the_source() -> None:
    assert words(SOURCE[12]) == joined(INSTRUMENT.introduction)
    assert SOURCE[16].split("\t") == [column.title for column in INSTRUMENT.columns]
    for phase in INSTRUMENT.phases:
        question = phase.career_question
        if question and question.in_source:
            assert question.source_row
            assert words(SOURCE[question.source_row - 1]) == question.text


def test_core_questions_stand_in_the_explanation() -> None:
    for phase in INSTRUMENT.phases:
        if core := phase.core_questions:
            text = next(e.text for e in phase.explanation if e.kind == "core_questions")
            for question in (*core.superficial, *core.deeper):
                assert question.text.lower() in re.sub("[“”]", "'", text).lower()


def test_counts() -> None:
    core = [phase.core_questions for phase in INSTRUMENT.phases if phase.core_questions]
    assert len(INSTRUMENT.phases) == 10
    assert len(INSTRUMENT.steps) == 4
    assert len(INSTRUMENT.question_by_key) == 83
    assert sum(len(c.superficial) for c in core) == 8
    assert sum(len(c.deeper) for c in core) == 9
    assert sum(bool(phase.tips) for phase in INSTRUMENT.phases) == 5
    assert len(INSTRUMENT.corrections) == 26


def test_only_two_questions_are_put_to_every_pupil_and_sensitive_ones_never() -> None:
    assert [q.key for q in INSTRUMENT.form_questions("standard")] == ["vb-v01", "vb-v02"]
    optional = INSTRUMENT.form_questions("optional")
    assert [q.key for q in optional] == ["gd-v01", "gd-v02", "er-v01", "er-v03", "er-v04"]
    assert not any("sensitive" in q.labels for q in optional)

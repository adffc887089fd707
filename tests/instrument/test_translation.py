"""The English instrument says everything the Dutch one does, under the same keys, and no more."""

import re
import shutil
from pathlib import Path

import pytest

from instrument import InstrumentError, load
from instrument.loader import CONTENT

DUTCH, ENGLISH = load(), load(language="en")


def test_keys_order_and_labels_are_those_of_the_dutch_one() -> None:
    assert list(ENGLISH.question_by_key) == list(DUTCH.question_by_key)
    assert ENGLISH.version == DUTCH.version
    for key, question in ENGLISH.question_by_key.items():
        dutch = DUTCH.question_by_key[key]
        assert (question.labels, question.form, question.follows, question.leads_to) == (
            dutch.labels,
            dutch.form,
            dutch.follows,
            dutch.leads_to,
        )
        assert len(question.subquestions) == len(dutch.subquestions)
        assert bool(question.help) == bool(dutch.help)


def test_it_says_that_it_is_a_translation_and_keeps_the_source() -> None:
    assert ENGLISH.is_translation
    assert not DUTCH.is_translation
    for key, question in ENGLISH.question_by_key.items():
        assert question.source == DUTCH.question_by_key[key].source
        assert question.text != DUTCH.question_by_key[key].text
        assert question.spoken != DUTCH.question_by_key[key].spoken


def test_career_questions_and_phases() -> None:
    labels = [one.career_question.label for one in ENGLISH.phases if one.career_question]
    assert labels == ["WHAT", "WHY", "WHERE", "HOW", "WHO"]
    assert [one.title for one in ENGLISH.phases] == [
        "Preparation",
        "Agreeing on the goal and outcome of the conversation",
        "Experience",
        "Reflection on qualities",
        "Reflection on motives",
        "Exploring work",
        "Steering your career",
        "Networking",
        "Closing",
        "Reflection",
    ]


def test_core_questions_stand_in_the_explanation() -> None:
    for phase in ENGLISH.phases:
        if core := phase.core_questions:
            text = next(e.text for e in phase.explanation if e.kind == "core_questions")
            for question in (*core.superficial, *core.deeper):
                assert question.text.lower() in re.sub("[“”]", "'", text).lower()


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("03-ervaring.yaml", "er-v04:", "er-v05:", "er-v04: expected text, found nothing"),
        ("03-ervaring.yaml", "    - What went wrong?\n", "", "er-v03: subquestions"),
        ("01-voorbereiding.yaml", "  title: Preparation", "  title: ''", "voorbereiding: title"),
        (
            "02-doel.yaml",
            "  help: What do we really",
            "  hint: What do we really",
            "gd-v01: expected",
        ),
        ("05-motieven.yaml", "    label: WHY\n", "", "motieven: career_question"),
        ("10-reflectie.yaml", "re-p1:", "re-p9:\n  text: More.\nre-p1:", "re-p9: there is no such"),
        ("10-reflectie.yaml", "re-p1:", "er-v01:", "er-v01: used twice"),
        ("10-reflectie.yaml", "reflectie:", "reflectie: [", "10-reflectie.yaml"),
    ],
)
def test_a_translation_that_is_not_whole_is_refused(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)
    text = (folder / "en" / file).read_text(encoding="utf-8")
    assert old in text
    (folder / "en" / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InstrumentError) as caught:
        load(folder, "en")
    assert message in str(caught.value)

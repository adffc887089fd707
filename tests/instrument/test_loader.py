"""A broken content file stops the start, and the message names the file and the key."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from instrument import InstrumentError, load
from instrument.loader import CONTENT


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("03-ervaring.yaml", "title: Ervaring", "titel: Ervaring", "03-ervaring.yaml: title"),
        ("03-ervaring.yaml", "key: er-v02", "key: er-v01", "key er-v01 is used 2 times"),
        (
            "06-werk.yaml",
            "follows: we-v02",
            "follows: we-v99",
            "we-v03: refers to unknown key we-v99",
        ),
        ("04-kwaliteiten.yaml", "probe_after: Wat ging er goed?", "probe_after: Nee?", "kw-v01"),
        ("05-motieven.yaml", "- internship", "- stage", "05-motieven.yaml: groups.0.questions.4"),
        ("instrument.yaml", "- doel", "- doelen", "steps do not list the phases"),
        ("01-voorbereiding.yaml", "key: voorbereiding", "- key: [", "01-voorbereiding.yaml"),
    ],
)
def test_broken_content(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InstrumentError) as caught:
        load(folder)
    assert message in str(caught.value)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match=r"instrument\.yaml"):
        load(tmp_path)


def test_content_is_frozen() -> None:
    phase = load().phases[0]
    change: Callable[..., None] = setattr
    with pytest.raises(ValueError, match="frozen"):
        change(phase, "title", "anders")

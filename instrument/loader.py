"""Read the content files into the frozen model, once, and refuse anything that is not whole."""

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from instrument.model import DUTCH, Instrument
from instrument.translation import TranslationError, translate

CONTENT = Path(__file__).parent / "content"


class InstrumentError(Exception):
    """The content is broken; the message names the file and the key."""


@cache
def load(folder: Path = CONTENT, language: str = DUTCH) -> Instrument:
    """Return the instrument in `folder`, in Dutch or as translated in a folder below it.

    Raises InstrumentError naming file and key when a file cannot be read, misses a field, has an
    unknown one, uses a key twice or refers to a key that does not exist; and when a translation
    does not say exactly what there is in Dutch.
    """
    files = sorted(folder.glob("[0-9][0-9]-*.yaml"))
    content = _read(folder / "instrument.yaml")
    content["phases"] = [_read(file) for file in files]
    if language != DUTCH:
        _translate(content, folder / language, language)
    try:
        instrument = Instrument.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise InstrumentError(_place(folder, files, first["loc"]) + f": {first['msg']}") from error
    _check_keys(instrument)
    return instrument


def _translate(content: dict[str, Any], folder: Path, language: str) -> None:
    said: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("*.yaml")):
        for key, texts in _read(file).items():
            if key in said or not isinstance(texts, dict):
                raise InstrumentError(f"{file}: {key}: used twice, or no mapping")
            said[key] = texts
    try:
        translate(content, said, language)
    except TranslationError as error:
        raise InstrumentError(f"{folder}: {error}") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise InstrumentError(f"{file}: {error}") from error
    if not isinstance(content, dict):
        raise InstrumentError(f"{file}: expected a mapping at the top of the file")
    return content


def _place(folder: Path, files: list[Path], location: tuple[int | str, ...]) -> str:
    """Turn ("phases", 3, "groups", 0) into "04-kwaliteiten.yaml: groups.0"."""
    file, rest = folder / "instrument.yaml", location
    if len(location) > 1 and location[0] == "phases" and isinstance(location[1], int):
        file, rest = files[location[1]], location[2:]
    return f"{file}: {'.'.join(map(str, rest))}"


def _check_keys(instrument: Instrument) -> None:
    keys = Counter(_all_keys(instrument))
    for key, times in keys.items():
        if times > 1:
            raise InstrumentError(f"instrument content: key {key} is used {times} times")
    for phase in instrument.phases:
        for line in phase.explanation:
            _check_references(phase.key, line.key, line.refers_to, keys)
        for question in phase.questions:
            _check_references(phase.key, question.key, filter(None, [question.follows]), keys)
            if question.probe_after and question.probe_after not in question.subquestions:
                raise InstrumentError(f"{phase.key}: {question.key}: probe_after is no subquestion")
    in_steps = [key for step in instrument.steps for key in step.phases]
    if in_steps != [phase.key for phase in instrument.phases]:
        raise InstrumentError("instrument.yaml: steps do not list the phases in their order")


def _check_references(phase: str, key: str, targets: Any, known: Counter[str]) -> None:
    for target in targets:
        if target not in known:
            raise InstrumentError(f"{phase}: {key}: refers to unknown key {target}")


def _all_keys(instrument: Instrument) -> list[str]:
    keys = [line.key for line in instrument.introduction]
    for phase in instrument.phases:
        keys += [phase.key]
        keys += [line.key for line in (*phase.explanation, *phase.instructions, *phase.tips)]
        keys += [line.key for line in phase.derived_questions]
        keys += [group.key for group in phase.groups]
        keys += [question.key for question in phase.questions]
        if core := phase.core_questions:
            keys += [line.key for line in (*core.superficial, *core.deeper)]
    return keys

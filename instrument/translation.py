"""The instrument in another language: the Dutch one, with its texts said anew.

Keys, order, labels and everything else that is no wording come from the Dutch content, so they
cannot differ. `source` stays the Dutch sentence: that one is leading. A translation is a folder
with one file per Dutch file; each maps a key to its texts, under the names of the model's fields.
"""

from collections.abc import Iterator
from typing import Any

SAID = (
    "title",
    "text",
    "text_je",
    "subquestions",
    "help",
    "condition",
    "keywords",
    "career_question",
)
"""The fields that are wording. What was said by the source itself is never translated."""


class TranslationError(Exception):
    """The translation is not whole; the message names the key and the field."""


def translate(content: dict[str, Any], said: dict[str, dict[str, Any]], language: str) -> None:
    """Put the texts of `said` into the Dutch `content`, as read from its files.

    Raises TranslationError when a key or a text is missing, superfluous, or of another shape.
    """
    content["language"] = language
    left = dict(said)
    for key, entry in keyed(content):
        _translate_entry(key, entry, left.pop(key, {}))
    if left:
        raise TranslationError(f"{min(left)}: there is no such key")


def keyed(part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that has a key and wording, in order; keys of phases and steps are unique."""
    if isinstance(part, list):
        for one in part:
            yield from keyed(one)
    elif isinstance(part, dict):
        if "key" in part and any(name in part for name in SAID):
            yield part["key"], part
        for name, value in part.items():
            if name != "career_question":
                yield from keyed(value)


def _translate_entry(key: str, entry: dict[str, Any], texts: dict[str, Any]) -> None:
    wanted = {name for name in SAID if name in entry}
    if set(texts) != wanted:
        raise TranslationError(f"{key}: expected {_list(wanted)}, found {_list(set(texts))}")
    if "text" in entry and "career_question" not in entry:
        entry["source_text"] = entry.get("source_text") or entry["text"]
    for name, value in texts.items():
        if name == "career_question":
            entry[name] = {**entry[name], **value}
            wrong = set(value) != {"label", "text"}
        else:
            wrong = _shape(value) != _shape(entry[name])
        if wrong:
            raise TranslationError(f"{key}: {name} is not shaped as in Dutch")
    if "probe_after" in entry:
        position = entry["subquestions"].index(entry["probe_after"])
        entry["probe_after"] = texts["subquestions"][position]
    entry.update({name: value for name, value in texts.items() if name != "career_question"})


def _shape(value: Any) -> tuple[str, int]:
    """A text is a text, and a list has as many parts; no part may be empty."""
    parts = value if isinstance(value, list) else [value]
    whole = all(isinstance(one, str) and one.strip() for one in parts)
    return type(value).__name__, len(parts) if whole else 0


def _list(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"

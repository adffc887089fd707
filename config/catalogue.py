"""The English catalogue: is it whole (`make check`), and bring it up to date (`make translations`).

The texts stand in the code in Dutch, in `_()`; `messages.po` says each of them in English, and
`messages.mo` is what the tool reads. Both are committed, so that a school needs no tools for it.
"""

import ast
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
FOLDER = Path("lti_tool/translations/en/LC_MESSAGES")
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true"}
SOURCES = {"lti_tool": ("**.py", "python", {}), "templates": ("**.html", "jinja2", JINJA)}
ASKS = {"_", "gettext", "ngettext"}
"""By what name the code asks for a text. None of them may run when a module is imported."""
ONCE = datetime(2026, 1, 1, tzinfo=UTC)
"""The date in the files' headers: only texts should make a difference."""
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")


def main(arguments: list[str]) -> int:
    """Check, or with "update" bring up to date; the exit status says whether all is well."""
    if arguments == ["update"]:
        update(ROOT)
    found = list(faults(ROOT))
    for fault in found:
        print(f"catalogue: {fault}")
    if found:
        print("catalogue: `make translations` adds and removes texts; translate what is new")
    return 1 if found else 0


def faults(root: Path) -> Iterator[str]:
    """Everything that is not as it should be, one sentence each."""
    yield from asked_too_early(root)
    file = root / FOLDER / "messages.po"
    yield from differences(extracted(root), read(file), file, _faults_of)


def differences(
    wanted: Catalog, have: Catalog, file: Path, faults_of: Callable[[Message], Iterator[str]]
) -> Iterator[str]:
    """What a kept catalogue misses, holds too much of, or says wrong; and a stale compiled one."""
    for message in wanted:
        if message.id and message.id not in have:
            yield f"missing: {first(message.id)!r}"
    for message in have:
        if not message.id:
            continue
        if message.id not in wanted:
            yield f"not in the code any more: {first(message.id)!r}"
        if message.fuzzy:
            yield f"fuzzy: {first(message.id)!r}"
        yield from faults_of(message)
    for key in have.obsolete:
        yield f"obsolete: {first(key)!r}"
    if texts(have) != compiled(file.with_suffix(".mo")):
        yield f"{file.stem}.mo was not made from this {file.name}"


def _faults_of(message: Message) -> Iterator[str]:
    """Empty translations, and those with other variables than the Dutch text."""
    ids, said = parts(message.id), parts(message.string)
    if len(said) != len(ids) or not all(text.strip() for text in said):
        yield f"not translated: {ids[0]!r}"
        return
    needed = [set(PLACES.findall(text)) for text in ids]
    for text in said:
        places = set(PLACES.findall(text))
        if not set.intersection(*needed) <= places <= set.union(*needed):
            yield f"other variables than in Dutch: {text!r}"


def parts(text: object) -> list[str]:
    """The only text, or singular and plural."""
    return [str(one or "") for one in text] if isinstance(text, list | tuple) else [str(text or "")]


def first(text: object) -> str:
    """The only text, or the singular."""
    return parts(text)[0]


def extracted(root: Path) -> Catalog:
    """All texts of the code and the templates, in the order of the files."""
    catalogue = Catalog()
    for folder, (pattern, method, options) in SOURCES.items():
        found = extract_from_dir(root / folder, [(pattern, method)], {pattern: options})
        for file, line, text, *_rest in sorted(found, key=lambda one: one[:2]):
            catalogue.add(text, None, [(file, line)])
    return catalogue


def asked_too_early(root: Path) -> Iterator[str]:
    """Texts that are asked for when a module is imported: then nobody's language is known."""
    for file in sorted((root / "lti_tool").rglob("*.py")):
        for node in _at_import(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ASKS:
                yield f"asked for at import: {file.relative_to(root)}, line {node.lineno}"


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """What runs at import: all but the bodies of functions, of which the defaults do run."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Lambda):
            continue
        yield child
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for part in (child.args, *child.decorator_list):
                yield from _at_import(part)
        else:
            yield from _at_import(child)


def read(file: Path) -> Catalog:
    """The catalogue as it is kept; an empty one when there is none."""
    if not file.is_file():
        return Catalog(locale="en")
    with file.open("rb") as opened:
        return read_po(opened, locale="en")


def texts(catalogue: Catalog) -> dict[str, list[str]]:
    """Every text with its translation, without the header and what is not translated."""
    said = ((one.id, parts(one.string)) for one in catalogue)
    return {first(key): those for key, those in said if key and any(those)}


def compiled(file: Path) -> dict[str, list[str]]:
    """What the tool reads; nothing when it was never compiled."""
    if not file.is_file():
        return {}
    with file.open("rb") as opened:
        return texts(read_mo(opened))


def update(root: Path) -> None:
    """Take over what is new in the code, drop what is gone, and compile."""
    file = root / FOLDER / "messages.po"
    have, fresh = (
        read(file),
        Catalog(locale="en", project="Loopbaangesprek", header_comment="", fuzzy=False),
    )
    fresh.creation_date = fresh.revision_date = ONCE
    for message in extracted(root):
        if message.id:
            kept = have.get(message.id)
            fresh.add(message.id, kept.string if kept else None, flags=message.flags)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        write_po(opened, fresh, width=98, no_location=True)
    with file.with_suffix(".mo").open("wb") as opened:
        write_mo(opened, read(file))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

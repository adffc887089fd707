"""The texts with "u": is their catalogue whole (`make check`), and bring it up to date.

Every Dutch text that says "je" to somebody stands in `formal.po`. Where a teacher or an
administrator may read it, it says the same with "u". Where it stays as it is, its translation is
the text itself, and the comment above it is the reason: one of `REASONS`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config.catalogue import ONCE, PLACES, ROOT, differences, extracted, parts

FILE = Path("lti_tool/translations/nl/LC_MESSAGES/formal.po")
FAMILIAR = re.compile(r"\b(je|jij|jou|jouw|jouwe|jezelf|jullie)\b", re.IGNORECASE)
"""The words of a text that addresses its reader, or readers, as friends."""
REASONS = {
    "read by pupils": "no page of a teacher or an administrator shows it",
    "said to a pupil": "a teacher's page shows what is said or sent to a pupil",
    "before a visit": "it is not known yet who reads it",
    "kept for everybody": "it is stored once, for all who read it",
    "about the word": "it names the word itself",
}


def main(arguments: list[str]) -> int:
    """Check, or with "update" bring up to date; the exit status says whether all is well."""
    if arguments == ["update"]:
        update(ROOT)
    found = list(faults(ROOT))
    for fault in found:
        print(f"formal: {fault}")
    if found:
        print(f"formal: say it with “u” in {FILE}, or repeat the text under one of these comments:")
        for reason, meaning in REASONS.items():
            print(f"formal:   # {reason} ({meaning})")
        print("formal: then `make translations`")
    return 1 if found else 0


def faults(root: Path) -> Iterator[str]:
    """Everything that is not as it should be, one sentence each."""
    file = root / FILE
    yield from differences(familiar(root), read(file), file, _faults_of)


def _faults_of(message: Message) -> Iterator[str]:
    """Texts without "u", half with it, with other variables, or unchanged without a reason."""
    written, said = parts(message.id), parts(message.string)
    if len(said) != len(written) or not all(text.strip() for text in said):
        yield f"no form with “u”: {written[0]!r}"
        return
    stays = set(message.user_comments) & REASONS.keys()
    if said == written:
        if not stays:
            yield f"the same, and no reason why: {written[0]!r}"
        return
    if message.user_comments:
        yield f"a reason to stay, and yet changed: {written[0]!r}"
    for old, new in zip(written, said, strict=True):
        if FAMILIAR.search(new):
            yield f"still “je”: {new!r}"
        if sorted(PLACES.findall(old)) != sorted(PLACES.findall(new)):
            yield f"other variables: {new!r}"


def familiar(root: Path) -> Catalog:
    """The texts of the code that say "je"."""
    found = Catalog(locale="nl")
    for message in extracted(root):
        if any(FAMILIAR.search(text) for text in parts(message.id)):
            found.add(message.id, None, flags=message.flags)
    return found


def read(file: Path) -> Catalog:
    """The catalogue as it is kept; an empty one when there is none."""
    if not file.is_file():
        return Catalog(locale="nl")
    with file.open("rb") as opened:
        return read_po(opened, locale="nl")


def update(root: Path) -> None:
    """Take over what is new in the code, drop what is gone, and compile."""
    file = root / FILE
    have = read(file)
    fresh = Catalog(locale="nl", project="Loopbaangesprek", header_comment="", fuzzy=False)
    fresh.creation_date = fresh.revision_date = ONCE
    for message in familiar(root):
        if message.id:
            kept = have.get(message.id)
            fresh.add(
                message.id,
                kept.string if kept else None,
                flags=message.flags,
                user_comments=kept.user_comments if kept else [],
            )
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        write_po(opened, fresh, width=98, no_location=True)
    with file.with_suffix(".mo").open("wb") as opened:
        write_mo(opened, read(file))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""How names compare, and where a Dutch class list puts somebody."""

from unicodedata import combining, normalize

from lti_tool.models import Person


def by_family_name(person: Person) -> tuple[str, str]:
    """To sort by: Jasmijn de Boer stands at the B, Éva before Fatma."""
    words_of_name = person.family_name.split()
    while len(words_of_name) > 1 and words_of_name[0].islower():
        del words_of_name[0]
    parts = (" ".join(words_of_name), person.given_name)
    family, given = (_without_accents(part).casefold() for part in parts)
    return family, given


def folded(name: str) -> str:
    """To compare by, capitals or not; an accent counts, however it was typed.

    Never in SQL: SQLite folds the capitals of ASCII alone.
    """
    return normalize("NFC", name).casefold()


def _without_accents(text: str) -> str:
    return "".join(one for one in normalize("NFD", text) if not combining(one))

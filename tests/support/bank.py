"""The question bank's pages, read as a teacher sees them."""

import re
from html import unescape

from tests.support.school import Visitor


def group(page: str, key: str) -> str:
    """One group of questions of a page of the bank or the guide."""
    found = re.search(rf'<(section|details) class="lob-group" id="g-{key}".*?</\1>', page, re.S)
    assert found, key
    return unescape(found[0])


def keys(page: str, group_key: str) -> list[str]:
    """The questions of a group in their order, without the parts of compound ones."""
    return re.findall(r'id="q-([a-z]+-v\d+|own-\d+|school-\d+)"', group(page, group_key))


def line(page: str, key: str) -> str:
    """One question with its labels and controls."""
    found = re.search(rf'id="q-{key}".*?(?=<div class="lob-question[ "]|</section>)', page, re.S)
    assert found, key
    return unescape(found[0])


def labels(page: str, key: str) -> list[str]:
    """The labels of one question."""
    return re.findall(r'lob-status--\w+">([^<]*)<', line(page, key))


def bank(visitor: Visitor, phase: str = "kwaliteiten") -> str:
    """The bank's page of a phase."""
    page = visitor.get(f"/bank/{phase}")
    assert page.status_code == 200
    return page.text


def add(visitor: Visitor, text: str, group_key: str = "kw-g2", phase: str = "kwaliteiten") -> str:
    """Add a question of one's own; returns its key."""
    before = set(keys(bank(visitor, phase), group_key))
    page = visitor.post(
        f"/bank/{phase}/questions", {"group": group_key, f"question-{group_key}": text}
    )
    (key,) = set(keys(page.text, group_key)) - before
    return key


def reword(visitor: Visitor, key: str, text: str, phase: str = "kwaliteiten") -> str:
    """Write other words for a question; returns the page one comes back to."""
    page = visitor.post(f"/bank/{phase}/questions/{key}", {"text": text})
    assert page.status_code == 200
    return page.text


def arrange(visitor: Visitor, key: str, action: str, phase: str = "kwaliteiten") -> str:
    """Press a button beside a question: up, down, hide or show."""
    page = visitor.post(f"/bank/{phase}/places/{key}", {"action": action})
    assert page.status_code == 200
    return page.text

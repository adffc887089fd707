"""Every component, as the kitchen sink shows it, gives valid and connected HTML."""

import re
from collections import Counter
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.looks.kitchen_sink import pages

PAGES = dict(pages())
HTML = "{http://www.w3.org/1999/xhtml}"


def parsed(name: str) -> list[Element]:
    document: Element = html5lib.HTMLParser(strict=True).parse(PAGES[name])
    return list(document.iter())


@pytest.mark.parametrize("name", PAGES)
def test_page_is_valid_and_has_one_heading(name: str) -> None:
    elements = parsed(name)
    assert [element.tag for element in elements].count(f"{HTML}h1") == 1


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_references_arrive(name: str) -> None:
    elements = parsed(name)
    ids = Counter(element.attrib["id"] for element in elements if "id" in element.attrib)
    assert not [name for name, times in ids.items() if times > 1]
    wanted = {
        reference
        for element in elements
        for key in ("for", "aria-describedby", "aria-labelledby")
        for reference in element.attrib.get(key, "").split()
    }
    assert wanted <= set(ids)


@pytest.mark.parametrize("name", PAGES)
def test_every_field_has_a_label(name: str) -> None:
    elements = parsed(name)
    labelled = {element.attrib["for"] for element in elements if element.tag == f"{HTML}label"}
    fields = [e for e in elements if e.tag.removeprefix(HTML) in {"input", "textarea", "select"}]
    assert not [field.attrib for field in fields if field.attrib["id"] not in labelled]


def test_errors_are_said_first_and_linked() -> None:
    page = PAGES["form-error.html"]
    assert re.search(r"<title>\s*Fout: Afspraak maken · Loopbaangesprek\s*</title>", page)
    assert {"what", "owner"} == set(re.findall(r'<a href="#(what|owner)"', page))


def test_text_keeps_its_first_empty_line() -> None:
    assert re.search(r"<textarea[^>]*>\nIk wil uitzoeken", PAGES["form.html"])

"""A paper as PDF: tagged, in its language, and whatever people wrote comes out as they wrote it."""

from io import BytesIO

import pikepdf
import pytest
from flask import Flask
from pypdf import PdfReader

from lti_tool.takeaways.paper import Paper
from lti_tool.takeaways.pdf import typeset
from tests.support.papers import read

TIMES = 4
"""How often `paper` shows each text."""


def paper(*texts: str, language: str = "nl") -> Paper:
    made = Paper("Blad van Noor", "Noor Bakker", language=language, facts="Najaar")
    made.heading("Doelen")
    for one in texts:
        made.text(one)
        made.labelled(one, one)
        made.bullets([one])
    made.columns("Aan te vullen", "Eigen opmerkingen")
    return made


def is_stamped(content: bytes) -> bool:
    with pikepdf.open(BytesIO(content)) as pdf, pdf.open_metadata() as facts:
        return facts.get("pdfuaid:part") == "1"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_is_tagged_and_says_its_language_title_and_author(language: str) -> None:
    with pikepdf.open(BytesIO(typeset(paper("Weten of zorg past", language=language)))) as pdf:
        root = pdf.Root
        assert root.MarkInfo.Marked
        assert "/StructTreeRoot" in root
        assert str(root.Lang) == language
        assert pdf.docinfo["/Title"] == "Blad van Noor"
        assert pdf.docinfo["/Author"] == "Noor Bakker"
        assert root.ViewerPreferences.DisplayDocTitle
        assert list(tags(root.StructTreeRoot))[:3] == ["/Document", "/H1", "/P"]
        assert {"/H2", "/P", "/L", "/LI", "/Table", "/TH"} <= set(tags(root.StructTreeRoot))


def tags(node: pikepdf.Object) -> "list[str]":
    """The tags below a node, in reading order."""
    found = [str(node.S)] if "/S" in node else []
    children = node.get("/K", pikepdf.Array())
    for one in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(one, pikepdf.Dictionary) and "/S" in one:
            found += tags(one)
    return found


def test_the_reading_order_is_that_of_the_paper() -> None:
    text = read(typeset(paper("Eerste", "Tweede")))
    order = ["Blad van Noor", "Najaar", "Doelen", "Eerste", "Tweede", "Aan te vullen"]
    places = [text.index(one) for one in order]
    assert places == sorted(places)


MARKUP = (
    '#read("/etc/passwd")',
    "*bold* _it_ `raw`",
    "$x^2$",
    "= Kop",
    "- punt",
    '#import "@preview/x:1.0.0": y',
    "<label> @ref \\ ~ --- // niets",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_text(text: str) -> None:
    content = typeset(paper(text))
    assert read(content).count(text) == TIMES
    assert "root:" not in read(content)
    assert is_stamped(content)


@pytest.mark.parametrize("text", ["Blij 😀 👍🏽 ✅", "Ёлка, Ελλάδα, ąćęłńóśźż, İğş"])
def test_emoji_and_other_letters_come_out(text: str) -> None:
    content = typeset(paper(text))
    assert read(content).count(text) == TIMES
    assert is_stamped(content)


def test_arabic_comes_out() -> None:
    content = typeset(paper("مرحبا"))
    assert is_stamped(content)
    letters = read(content)
    assert all(one in letters for one in "مرحبا")


@pytest.mark.parametrize(
    ("text", "leftwards"), [("مرحبا", True), ("שלום", True), ("Ik zei مرحبا", False), ("42", False)]
)
def test_a_paragraph_runs_the_way_of_its_first_letter(text: str, leftwards: bool) -> None:
    """So it begins at the right margin, as in a browser (Unicode bidirectional algorithm, P2)."""
    made = Paper("Titel", "Noor Bakker", language="nl")
    made.text(text)
    places: list[float] = []

    def note(part: str, page: list[float], line: list[float], *_font: object) -> None:
        if part.strip() and part.strip() not in {"Titel", "1 / 1"}:
            places.append(page[4] + line[4])

    PdfReader(BytesIO(typeset(made))).pages[0].extract_text(visitor_text=note)
    middle = 595 / 2  # points; A4 is 595 wide
    assert places
    assert (max(places) > middle) is leftwards


def test_ten_thousand_words_come_out() -> None:
    made = Paper("Lang", "Noor Bakker", language="nl")
    made.text(" ".join(f"w{number}" for number in range(10_000)))
    found = set(read(typeset(made)).split())
    assert {f"w{number}" for number in range(10_000)} <= found


@pytest.mark.parametrize("text", ["漢字", "a\x00b", "a\ud800b", "a\u2028b", "a\ue000b", "\r\n\r\n"])
def test_a_sign_that_no_font_has_never_fails(text: str) -> None:
    content = typeset(paper("Voor", text, "Na"))
    assert "Voor" in read(content)
    assert "Na" in read(content)
    with pikepdf.open(BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked


def test_line_ends_and_paragraphs_stay() -> None:
    lines = read(typeset(paper("Een\nTwee\n\nDrie"))).splitlines()
    assert lines.count("Een") + lines.count("• Een") == TIMES


def test_it_reads_no_file_and_needs_no_context(app: Flask) -> None:
    with app.test_request_context():
        assert typeset(Paper("Leeg", "")).startswith(b"%PDF")

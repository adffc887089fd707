"""Link headers as platforms write them; where the library reads them otherwise, it shows."""

import pytest

from lti_tool.lti.links import next_link, same_host
from tests.support.platform_web import exchange

PAGE = "https://lms.example/api/Members?id=AbC"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ""),
        ('<https://lms.example/p?Page=AbC>; rel="next"', "https://lms.example/p?Page=AbC"),
        ("<https://lms.example/p?2>; rel=next", "https://lms.example/p?2"),
        ("<https://lms.example/p?2>; title=x; rel='next'", "https://lms.example/p?2"),
        ('<https://lms.example/1>; rel="first", </p?2>; REL="Next"', "https://lms.example/p?2"),
        ('<https://lms.example/2>; rel="next last"', "https://lms.example/2"),
        ("<https://lms.example/2>; rel=“next”", "https://lms.example/2"),
        ('<https://lms.example/2?a=1&amp;b=2>; rel="next"', "https://lms.example/2?a=1&b=2"),
        ('<https://lms.example/2>; rel="prev"', ""),
        ('<https://lms.example/2>; rel="nextish"', ""),
        ("<https://lms.example/2>", ""),
        ("no link at all", ""),
    ],
)
def test_the_next_page(header: str, expected: str) -> None:
    assert next_link(header, PAGE) == expected


def test_moodles_curly_quotes_come_as_latin_1() -> None:
    header = exchange("moodle-grades", "lineitems-limit1")["response"]["headers"]["Link"]
    assert "“next”" in header
    expected = "http://localhost:8080/mod/lti/services.php/2/lineitems?type_id=1&limit=1&from=1"
    assert next_link(header.encode().decode("latin-1"), expected) == expected


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("https://LMS.example:443/x", True),
        ("http://lms.example/x", False),
        ("https://lms.example:444/x", False),
        ("https://lms.example.evil/x", False),
        ("https://lms.example@evil/x", False),
        ("https://lms.example:port/x", False),
        ("//[", False),
    ],
)
def test_a_host_is_scheme_name_and_port(other: str, same: bool) -> None:
    assert same_host("https://lms.example/a", other) is same

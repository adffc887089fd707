"""What platforms do beside the specification, read as they mean it."""

import json

import pytest

from lti_tool.lti.claims import SECTIONS, read_sections

NAMES = ("Section 1, M-T", "Klas 3B", "TA Section")
AS_JSON = json.dumps(NAMES)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (AS_JSON, NAMES),
        (AS_JSON.replace('"', '\\"'), NAMES),
        ('["Klas \\"3B\\""]', ('Klas "3B"',)),
        ("123,456", ("123", "456")),
        ("Klas 3B", ("Klas 3B",)),
        ("[]", ()),
        ('["$x", 7, null, ""]', ()),
        ("$com.instructure.User.sectionNames", ()),
        ("[" * 9000, ("[" * 255,)),
        ("", ()),
        (None, ()),
        (["Klas 3B"], ()),
    ],
)
def test_canvas_names_sections_as_a_list_in_a_text(value: object, found: tuple[str, ...]) -> None:
    assert read_sections({SECTIONS: value}) == found

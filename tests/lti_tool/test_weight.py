"""What a pupil's phone fetches for the first page, cold: the page, its style sheet, its script."""

import gzip
import re
from pathlib import Path

import lti_tool
from tests.support.talk import Talk

STATIC = Path(lti_tool.__file__).parent / "static"
REQUESTS, KILOBYTES = 4, 30


def test_the_first_page_of_a_pupil_is_light(talk: Talk) -> None:
    page = talk.noor.get("/").text
    assert "Wat is voor jou het doel van het gesprek?" in page
    fetched = re.findall(r'(?:src|href)="/static/([^"]+)"', page)
    assert [name.partition("-")[0] for name in fetched] == ["app", "app"]
    assert 1 + len(fetched) <= REQUESTS
    parts = [page.encode(), *((STATIC / name).read_bytes() for name in fetched)]
    assert sum(len(gzip.compress(part)) for part in parts) <= KILOBYTES * 1000

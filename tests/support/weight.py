"""What a browser fetches to show a page, cold: the page, its style sheets, its scripts."""

import gzip
import re
from pathlib import Path
from typing import NamedTuple

import lti_tool

STATIC = Path(lti_tool.__file__).parent / "static"
REQUESTS, KILOBYTES = 4, 30


class Weight(NamedTuple):
    """How many requests, and how many kB (1000 bytes) in all, each answer gzipped."""

    requests: int
    kilobytes: float

    @property
    def within_limits(self) -> bool:
        """Whether it is light enough for a phone on a school's network."""
        return self.requests <= REQUESTS and self.kilobytes <= KILOBYTES


def fetched_with(page: str) -> list[str]:
    """The names of the files a page asks for."""
    return re.findall(r'(?:src|href)="/static/([^"]+)"', page)


def weight(page: str) -> Weight:
    """Weigh a page and what comes with it."""
    parts = [page.encode(), *((STATIC / name).read_bytes() for name in fetched_with(page))]
    return Weight(len(parts), sum(len(gzip.compress(part)) for part in parts) / 1000)

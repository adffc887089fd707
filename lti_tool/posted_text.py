"""Posted text, cleaned once for all who read it.

A browser sends line ends as CR LF, and whoever pastes may bring control characters, which no
HTML page may hold (HTML standard, 3.2.5 "Text") and PostgreSQL partly refuses.
"""

import re

import flask
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.utils import cached_property

PLANES = range(0, 0x110000, 0x10000)
NONCHARACTERS = "".join(chr(plane + end) for plane in PLANES for end in (0xFFFE, 0xFFFF))
UNWANTED = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef{NONCHARACTERS}]")


def cleaned(text: str) -> str:
    """Return text with plain line ends, without what no page can show."""
    if text.isprintable():  # as what a platform posts is
        return text
    return UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class Request(flask.Request):
    """A request whose form holds cleaned text."""

    @cached_property
    def form(self) -> ImmutableMultiDict[str, str]:
        """The posted fields."""
        posted = super().form.items(multi=True)
        return ImmutableMultiDict([(name, cleaned(value)) for name, value in posted])

"""The e-mail address of a launch or a roster's member, as it may stand in a header (RFC 5321)."""

import re
from collections.abc import Mapping
from typing import Any

from lti_tool.lti.quirks import present

LONGEST = 254
_WORD, _LABEL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+", r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
PLAIN = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
"""Without quotes, comments and scripts beyond ASCII: what schools hand out."""


def is_email(text: str) -> bool:
    """Whether this is one plain address and nothing else."""
    return len(text) <= LONGEST and PLAIN.fullmatch(text) is not None


def read_email(claims: Mapping[str, Any]) -> str:
    """The address; "" when there is none that we can mail to."""
    said = present(claims.get("email"))
    return said if is_email(said) else ""

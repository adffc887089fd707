"""The next page of a list, from its Link header (RFC 8288), as platforms really write it.

Moodle's grade service puts curly quotes around `rel` and `&amp;` into the address; HTTP hands us
those quotes as Latin-1. An address keeps its case: ids in it may be case-sensitive.
"""

import re
from urllib.parse import urljoin, urlsplit

LINK = re.compile(r"<([^>]*)>([^<]*)")
RELATION = re.compile(r""";\s*rel\s*=\s*["'“”]?([^"'“”;,]*)""", re.IGNORECASE)


def next_link(header: str, page: str) -> str:
    """Return the full address of the page after `page`, "" when this is the last one.

    Raises ValueError when it is no address.
    """
    for address, parameters in LINK.findall(_as_text(header)):
        relation = RELATION.search(parameters)
        if relation and "next" in relation[1].lower().split():
            return urljoin(page, address.strip().replace("&amp;", "&"))
    return ""


def same_host(one: str, other: str) -> bool:
    """Whether two addresses have the same scheme, host and port."""
    return _origin(one) == _origin(other)


def _origin(address: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ("", address, None)
    standard = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, (parts.hostname or "").lower(), port or standard


def _as_text(header: str) -> str:
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header

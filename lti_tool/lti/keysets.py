"""Platform key sets: fetched with a timeout, kept an hour, fetched anew for an unknown kid.

Kept in the process, under a lock. A kid we do not know fetches at most once in ten seconds per
address, so that junk tokens cannot make us hammer a platform.
"""

import threading
import time
from dataclasses import dataclass
from typing import Any

import jwt
import requests

from lti_tool.lti.claims import LaunchRefused

KEEP_SECONDS = 3600
REFETCH_SECONDS = 10
TIMEOUT_SECONDS = (3, 5)
LONGEST_ANSWER = 512 * 1024


@dataclass
class _Kept:
    keys: dict[str, jwt.PyJWK]
    fetched: float


class KeySets:
    """The public keys of platforms, by address and kid."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "Loopbaangesprek"

    def key(self, address: str, kid: str) -> jwt.PyJWK:
        """Return the RS256 key called `kid`; raise LaunchRefused when there is none."""
        with self._lock:
            kept = self._kept.get(address)
            age = time.monotonic() - kept.fetched if kept else KEEP_SECONDS
            if (
                kept is None
                or age >= KEEP_SECONDS
                or (kid not in kept.keys and age > REFETCH_SECONDS)
            ):
                try:
                    kept = _Kept(keys=self._fetch(address), fetched=time.monotonic())
                except LaunchRefused:
                    if kept is None or kid not in kept.keys:
                        raise
                self._kept[address] = kept
        if kid not in kept.keys:
            raise LaunchRefused("unknown_key", kid[:80])
        return kept.keys[kid]

    def _fetch(self, address: str) -> dict[str, jwt.PyJWK]:
        try:
            answer = self._session.get(address, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            answer.raise_for_status()
            if len(answer.content) > LONGEST_ANSWER:
                raise LaunchRefused("platform_keys_unreadable", "too long")
            document: Any = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise LaunchRefused("platform_keys_unreachable", type(error).__name__) from error
        listed = document.get("keys") if isinstance(document, dict) else None
        if not isinstance(listed, list):
            raise LaunchRefused("platform_keys_unreadable")
        return {key.key_id: key for key in map(_rsa_key, listed) if key and key.key_id}


def _rsa_key(entry: object) -> jwt.PyJWK | None:
    """Read one entry of a key set; other algorithms and uses are left out."""
    if not isinstance(entry, dict) or entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
        return None
    try:
        return jwt.PyJWK(entry, algorithm="RS256")
    except (jwt.PyJWKError, ValueError, TypeError):
        return None

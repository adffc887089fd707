"""Platform key sets, kept in the process as long as the platform's answer allows.

Cache headers count (one hour at most, one minute at least). A kid we do not know fetches anew, at
most once in ten seconds per address, so that junk tokens cannot make us hammer a platform. During
an outage the last good set stands in, for a day. There is one lock per address: a slow platform
keeps nobody else's launches waiting, and of its own only those that need what is being fetched.
"""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from lti_tool.lti.claims import LaunchRefused
from lti_tool.lti.web import Bearer, Patience, ServiceFailed, call, new_session

LONGEST_KEEP, SHORTEST_KEEP = 3600.0, 60.0
OUTAGE_SECONDS = 24 * 3600.0
REFETCH_SECONDS = 10.0
PATIENCE = Patience(3, 5, 8)
"""Somebody waits for the page meanwhile."""
LONGEST_SET = 512 * 1024
SHORTEST_KEY = 2048


@dataclass
class _Kept:
    """One address. Moments are of the monotonic clock, in seconds."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    fresh_until: float = 0.0
    usable_until: float = 0.0
    tried: float = float("-inf")

    def usable(self, kid: str, moment: float) -> jwt.PyJWK | None:
        return self.keys.get(kid) if moment < self.usable_until else None

    def is_due(self, kid: str, moment: float) -> bool:
        """Whether to ask the platform: it has been a while, and what we hold is old or lacks it."""
        wanted = moment >= self.fresh_until or kid not in self.keys
        return wanted and moment - self.tried >= REFETCH_SECONDS


class KeySets:
    """The public keys of platforms, by address and kid."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def key(self, address: str, kid: str) -> jwt.PyJWK:
        """Return the RS256 key called `kid`.

        Raises LaunchRefused: unknown_key, platform_keys_unreachable, platform_keys_unreadable.
        """
        kept = self._kept.setdefault(address, _Kept())
        found = kept.usable(kid, time.monotonic())
        # Who has a usable key does not wait for the one who is fetching already.
        if kept.is_due(kid, time.monotonic()) and kept.lock.acquire(blocking=found is None):
            try:
                self._renew(kept, address, kid)
            finally:
                kept.lock.release()
            found = kept.usable(kid, time.monotonic())
        if found is None:
            raise _missing(kept, kid)
        return found

    def _renew(self, kept: _Kept, address: str, kid: str) -> None:
        """Fetch, unless another did while we waited for the lock."""
        moment = time.monotonic()
        if not kept.is_due(kid, moment):
            return
        try:
            keys, seconds = _fetch(address)
        except LaunchRefused:
            kept.tried = time.monotonic()
            if kept.usable(kid, moment) is None:
                raise
            return
        kept.tried = time.monotonic()
        kept.keys, kept.fresh_until = keys, kept.tried + seconds
        kept.usable_until = kept.tried + OUTAGE_SECONDS


def _missing(kept: _Kept, kid: str) -> LaunchRefused:
    if kept.keys:
        return LaunchRefused("unknown_key", kid[:80])
    return LaunchRefused("platform_keys_unreachable", "asked a moment ago")


def _fetch(address: str) -> tuple[dict[str, jwt.PyJWK], float]:
    """Ask the platform; return its usable keys and for how many seconds they are fresh."""
    try:
        with new_session() as session:
            answer = call(
                session,
                "GET",
                address,
                auth=Bearer(),
                headers={"Accept": "application/json"},
                longest=LONGEST_SET,
                patience=PATIENCE,
            )
        document: Any = json.loads(answer.body)
    except ServiceFailed as failure:
        if failure.reason == "too_long":
            raise LaunchRefused("platform_keys_unreadable", str(failure)) from failure
        raise LaunchRefused("platform_keys_unreachable", str(failure)) from failure
    except (ValueError, RecursionError) as error:
        raise LaunchRefused("platform_keys_unreadable", type(error).__name__) from error
    listed = document.get("keys") if isinstance(document, dict) else None
    keys = map(_rsa_key, listed) if isinstance(listed, list) else ()
    by_kid = {key.key_id: key for key in keys if key and key.key_id}
    if not by_kid:
        raise LaunchRefused("platform_keys_unreadable", "no usable key")
    return by_kid, _seconds_fresh(answer.headers)


def _seconds_fresh(headers: Mapping[str, str]) -> float:
    """`Cache-Control` of RFC 9111, between a minute and an hour."""
    asked = LONGEST_KEEP
    for directive in headers.get("Cache-Control", "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name in {"no-store", "no-cache"}:
            asked = 0
        elif name == "max-age" and value.strip('"').isdecimal():
            age = headers.get("Age", "")
            asked = min(asked, float(value.strip('"')) - (float(age) if age.isdecimal() else 0))
    return min(max(asked, SHORTEST_KEEP), LONGEST_KEEP)


def _rsa_key(entry: object) -> jwt.PyJWK | None:
    """Read one entry of a key set; other algorithms, other uses and short keys are left out."""
    if not isinstance(entry, dict) or entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
        return None
    if not isinstance(entry.get("kid"), str):
        return None
    try:
        key = jwt.PyJWK(entry, algorithm="RS256")
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    public = key.key
    long_enough = isinstance(public, rsa.RSAPublicKey) and public.key_size >= SHORTEST_KEY
    return key if long_enough else None

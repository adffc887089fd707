"""Our own signing keys: two are active and published (RFC 7517), and one of them signs.

That is the newest, once platforms can know it: they keep our key set for as long as it says.

A key is parsed once per process, so that a signature costs a signature. Which keys are active is
asked of the database each time: a rotation in another process counts at once, in every worker.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from jwt.utils import base64url_encode
from sqlalchemy import select

from lti_tool.models import ToolKey, db, now

KEY_BITS = 2048
ACTIVE = 2
KEY_SET_SECONDS = 300
"""For how long a platform may keep our key set."""
KNOWN_AFTER = timedelta(seconds=2 * KEY_SET_SECONDS)
"""A new key is published for so long before it signs."""


@dataclass(frozen=True)
class _Pair:
    private: rsa.RSAPrivateKey
    public_jwk: dict[str, Any]


_pairs: dict[str, _Pair] = {}
"""By kid, which is a thumbprint and so names one key only."""


def signing_key() -> tuple[str, rsa.RSAPrivateKey]:
    """Return kid and private key to sign with, making a pair when there is none.

    Flushes, does not commit.
    """
    rows = db.session.execute(
        select(ToolKey.kid, ToolKey.created_at)
        .where(ToolKey.retired_at.is_(None))
        .order_by(ToolKey.id.desc())
    ).all()
    if not rows:
        kid = _new_key().kid
    else:
        since = now() - KNOWN_AFTER
        kid = next((kid for kid, made_at in rows if made_at <= since), rows[-1].kid)
    return kid, _pair(kid).private


def ensure_key() -> None:
    """See to it that there is a key. Flushes, does not commit."""
    signing_key()


def rotate() -> tuple[str, list[str]]:
    """Make a new key, which signs after `KNOWN_AFTER`; retire all but it and the one before.

    Returns its kid and the kids that are no longer published. Flushes, does not commit.
    """
    new = _new_key()
    rows = db.session.scalars(
        select(ToolKey).where(ToolKey.retired_at.is_(None)).order_by(ToolKey.id.desc())
    ).all()
    for row in rows[ACTIVE:]:
        row.retired_at = now()
    db.session.flush()
    return new.kid, [row.kid for row in rows[ACTIVE:]]


def key_set() -> dict[str, list[dict[str, Any]]]:
    """The public keys that are active, newest first, as a JWK set."""
    return {"keys": [_pair(kid).public_jwk for kid in _active_kids()]}


def thumbprint(jwk: dict[str, Any]) -> str:
    """The SHA-256 thumbprint of an RSA key (RFC 7638)."""
    needed = {name: jwk[name] for name in ("e", "kty", "n")}
    canonical = json.dumps(needed, separators=(",", ":"), sort_keys=True)
    return base64url_encode(hashlib.sha256(canonical.encode()).digest()).decode()


def _active_kids() -> list[str]:
    return list(
        db.session.scalars(
            select(ToolKey.kid).where(ToolKey.retired_at.is_(None)).order_by(ToolKey.id.desc())
        )
    )


def _new_key() -> ToolKey:
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pair = _paired(private)
    key = ToolKey(kid=pair.public_jwk["kid"], private_pem=pem.decode())
    db.session.add(key)
    db.session.flush()
    _pairs[key.kid] = pair
    return key


def _pair(kid: str) -> _Pair:
    if kid not in _pairs:
        pem = db.session.scalars(select(ToolKey.private_pem).where(ToolKey.kid == kid)).one()
        private = serialization.load_pem_private_key(pem.encode(), password=None)
        if not isinstance(private, rsa.RSAPrivateKey):
            raise TypeError(f"tool key {kid} is not an RSA key")
        _pairs[kid] = _paired(private, kid)
    return _pairs[kid]


def _paired(private: rsa.RSAPrivateKey, kid: str = "") -> _Pair:
    jwk = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    public = {"kty": "RSA", "n": jwk["n"], "e": jwk["e"], "alg": "RS256", "use": "sig"}
    return _Pair(private, {**public, "kid": kid or thumbprint(public)})

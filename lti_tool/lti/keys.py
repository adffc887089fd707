"""Our own signing key: made when it is first needed, published as a key set."""

import json
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import select

from lti_tool.lti.state import new_secret
from lti_tool.models import ToolKey, db

KEY_BITS = 2048


def ensure_key() -> ToolKey:
    """Return the key that signs, making one when there is none. Flushes, does not commit."""
    key = db.session.scalars(
        select(ToolKey).where(ToolKey.retired_at.is_(None)).order_by(ToolKey.id.desc()).limit(1)
    ).first()
    if key is None:
        private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        pem = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        key = ToolKey(kid=new_secret()[:16], private_pem=pem.decode())
        db.session.add(key)
        db.session.flush()
    return key


def signing_key() -> tuple[str, rsa.RSAPrivateKey]:
    """Return key id and private key of what we sign now. Flushes when it had to make one."""
    key = ensure_key()
    return key.kid, _private(key)


def key_set() -> dict[str, list[dict[str, Any]]]:
    """All public keys, newest first, as a JWK set (RFC 7517)."""
    keys = db.session.scalars(select(ToolKey).order_by(ToolKey.id.desc())).all()
    return {"keys": [_public_jwk(key) for key in keys]}


def _private(key: ToolKey) -> rsa.RSAPrivateKey:
    private = serialization.load_pem_private_key(key.private_pem.encode(), password=None)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise TypeError(f"tool key {key.kid} is not an RSA key")
    return private


def _public_jwk(key: ToolKey) -> dict[str, Any]:
    jwk: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(_private(key).public_key()))
    return {**jwk, "kid": key.kid, "alg": "RS256", "use": "sig", "key_ops": ["verify"]}

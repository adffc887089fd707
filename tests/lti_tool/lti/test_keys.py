"""Our own keys: two active, the newest signs once it is known, each parsed once."""

import base64
import hashlib
import json
import time
from typing import Any

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from flask import Flask
from sqlalchemy import select

from lti_tool.key_commands import keys as key_commands
from lti_tool.lti import keys
from lti_tool.models import ToolKey, db, now


def published(app: Flask) -> list[dict[str, Any]]:
    page = app.test_client().get("/lti/jwks.json")
    assert page.mimetype == "application/json"
    found: list[dict[str, Any]] = page.json["keys"]  # type: ignore[index]
    return found


def rotated(app: Flask) -> str:
    with app.app_context():
        kid, _retired = keys.rotate()
        db.session.commit()
        return kid


def test_the_first_key_is_made_when_it_is_needed(app: Flask) -> None:
    assert published(app) == []
    with app.app_context():
        kid, private = keys.signing_key()
        assert keys.signing_key() == (kid, private)
        db.session.commit()
    assert [one["kid"] for one in published(app)] == [kid]


def test_a_kid_is_the_thumbprint_of_the_public_key(app: Flask) -> None:
    """RFC 7638; the example of its section 3.1 is held against ours."""
    example = {
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSo"
        "c_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0"
        "_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI"
        "4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    }
    assert keys.thumbprint(example) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    rotated(app)
    (jwk,) = published(app)
    text = json.dumps({"e": jwk["e"], "kty": "RSA", "n": jwk["n"]}, separators=(",", ":"))
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
    assert jwk["kid"] == digest.decode()


def test_two_are_published_and_the_newest_signs(app: Flask) -> None:
    first, second = rotated(app), rotated(app)
    assert [one["kid"] for one in published(app)] == [second, first]
    third = rotated(app)
    assert [one["kid"] for one in published(app)] == [third, second]
    with app.app_context():
        assert keys.signing_key()[0] == second  # no platform need know the third yet
    with app.app_context(), time_machine.travel(now() + keys.KNOWN_AFTER):
        kid, private = keys.signing_key()
        retired = db.session.scalars(select(ToolKey.kid).where(ToolKey.retired_at.is_not(None)))
        assert retired.all() == [first]
    assert kid == third
    signed = jwt.encode({"exp": time.time() + 60}, private, algorithm="RS256")
    assert jwt.decode(signed, jwt.PyJWK(published(app)[0]), algorithms=["RS256"])
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(signed, jwt.PyJWK(published(app)[1]), algorithms=["RS256"])


def test_nothing_private_is_published(app: Flask) -> None:
    rotated(app)
    (jwk,) = published(app)
    assert set(jwk) == {"kty", "n", "e", "alg", "use", "kid"}


def test_a_key_is_parsed_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    kid = rotated(app)
    monkeypatch.setattr(keys, "_pairs", {})
    parsed: list[bytes] = []
    load = serialization.load_pem_private_key

    def count(pem: bytes, **more: Any) -> Any:
        parsed.append(pem)
        return load(pem, **more)

    monkeypatch.setattr(serialization, "load_pem_private_key", count)
    for _ in range(3):
        assert [one["kid"] for one in published(app)] == [kid]
        with app.app_context():
            assert keys.signing_key()[0] == kid
    assert len(parsed) == 1


def test_rotation_on_the_command_line(app: Flask) -> None:
    runner = app.test_cli_runner()
    said = [runner.invoke(key_commands, ["rotate"]).output for _ in range(3)]
    kids = [one.split()[1] for one in said]
    assert said == [
        f"new: {kids[0]}\n",
        f"new: {kids[1]} (signs in 10 minutes, once it is known)\n",
        f"new: {kids[2]} (signs in 10 minutes, once it is known)\nretired: {kids[0]}\n",
    ]
    assert [one["kid"] for one in published(app)] == [kids[2], kids[1]]

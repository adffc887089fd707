"""A platform for tests: it signs the launches that lie in `tests/launches/` as data.

A valid file holds a capture's claims, or a `base` with changes: `set`, `remove`, `only` (these
claims and no other), `keep` (these names), `pad` (a claim of that length), `header`, `seconds`
(iat, exp and nbf relative to now), `sign` (another way of signing), `token` (as it is), `form`
(other fields of the post), `locale`. `flow` names what is done with it, in `launch_flows.py`.
"""

import base64
import json
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
import responses
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, SHA512
from flask import Flask
from flask.testing import FlaskClient
from jwt.algorithms import RSAAlgorithm
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lti_tool.lti.claims import PRESENTATION
from lti_tool.models import Registration, db

FOLDER = Path(__file__).parents[1] / "launches"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KID = "test-key"
PUBLIC_PEM = KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


def files(kind: str) -> list[str]:
    """The names of the launches under `valid` or `bad`."""
    return sorted(file.stem for file in (FOLDER / kind).glob("*.json"))


def load(kind: str, name: str) -> dict[str, Any]:
    """One launch file, with the claims of its base filled in."""
    data: dict[str, Any] = json.loads((FOLDER / kind / f"{name}.json").read_text("utf-8"))
    if "base" in data:
        data["claims"] = load("valid", data["base"])["claims"]
    return data


class Platform:
    """One registration, and the launches it makes."""

    __test__ = False
    login_path, launch_path = "/lti/login", "/lti/launch"

    def __init__(self, app: Flask, *, issuer: str, client_id: str) -> None:
        self.app, self.issuer, self.client_id = app, issuer, client_id
        self.jwks_url = "https://platform.example/jwks"
        self.fetched_last = 0
        self.calls_last: list[Any] = []
        self.reachable = True
        self.key_set: dict[str, Any] = {"json": {"keys": [public_jwk()]}}
        """What the platform answers, in the words of `responses`."""
        with app.app_context():
            db.session.add(
                Registration(
                    issuer=issuer,
                    client_id=client_id,
                    auth_login_url="https://platform.example/auth",
                    auth_token_url="https://platform.example/token",
                    jwks_url=self.jwks_url,
                )
            )
            db.session.commit()

    def login(self, client: FlaskClient) -> tuple[str, str]:
        """Let the tool begin a login; return state and nonce."""
        answer = client.post(
            self.login_path,
            data={
                "iss": self.issuer,
                "client_id": self.client_id,
                "login_hint": "4",
                "lti_message_hint": '{"cmid":2,"launchid":"x"}',
                "target_link_uri": f"http://127.0.0.1:8000{self.launch_path}",
            },
        )
        assert answer.status_code == 302, answer.text
        location = answer.headers["Location"]
        found = re.search(r"state=([^&]+)&nonce=([^&]+)", location)
        assert found, location
        return found[1], found[2]

    def launch(self, client: FlaskClient, data: dict[str, Any], **options: Any) -> TestResponse:
        """Log in and post the launch that `data` describes."""
        state, nonce = self.login(client)
        fields = {**data.get("form", {}), "state": state, "id_token": token(data, nonce)}
        return self.post_fields(client, fields, **options)

    def post(self, client: FlaskClient, state: str, id_token: str, **options: Any) -> TestResponse:
        """Post a launch."""
        return self.post_fields(client, {"state": state, "id_token": id_token}, **options)

    def post_fields(
        self, client: FlaskClient, fields: Mapping[str, str], **options: Any
    ) -> TestResponse:
        """Post anything to the launch address; the platform's key set answers meanwhile."""
        with responses.RequestsMock(assert_all_requests_are_fired=False) as web:
            if self.reachable:
                web.get(self.jwks_url, **self.key_set)
            answer = client.post(self.launch_path, data=fields, **options)
            self.fetched_last = len(web.calls)
            self.calls_last = list(web.calls)
            return answer


def platform_for(app: Flask, data: dict[str, Any]) -> Platform:
    """The platform a capture came from."""
    claims, audience = data["claims"], data["claims"]["aud"]
    client_id = audience[0] if isinstance(audience, list) else audience
    return Platform(app, issuer=claims["iss"], client_id=client_id)


def count(app: Flask, kind: type) -> int:
    """How many records of a kind launches made."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(kind)) or 0


def public_jwk() -> dict[str, Any]:
    """The key set's one entry."""
    jwk: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
    return {**jwk, "kid": KID, "alg": "RS256", "use": "sig"}


def token(data: dict[str, Any], nonce: str) -> str:
    """Sign the launch that `data` describes, now."""
    if "token" in data:
        return str(data["token"])
    moment = int(time.time())
    times = {"iat": 0, "exp": 60, **data.get("seconds", {})}
    claims = {**data["claims"], "nonce": nonce}
    presentation = claims.get(PRESENTATION)
    if isinstance(presentation, dict) and presentation.get("locale") == "en":
        # The captures were made in English; the schools of our tests speak Dutch.
        claims[PRESENTATION] = {**presentation, "locale": data.get("locale", "nl")}
    claims |= {name: moment + seconds for name, seconds in times.items()}
    claims |= data.get("set", {})
    if "pad" in data:
        claims["padding"] = "x" * data["pad"]
    kept = data.get("keep", claims)
    claims = {name: value for name, value in claims.items() if name in kept or name in times}
    claims = data.get("only", claims)
    for name in data.get("remove", []):
        claims.pop(name, None)
    header = {"kid": KID, **data.get("header", {})}
    header = {name: value for name, value in header.items() if value is not None}
    return _sign(claims, header, data.get("sign", "rs256"))


def _sign(claims: dict[str, Any], header: dict[str, Any], how: str) -> str:
    if how == "none":
        return jwt.encode(claims, "", algorithm="none", headers=header)
    if how == "hs256":
        head = _part({"alg": "HS256", "typ": "JWT", **header})
        signed = f"{head}.{_part(claims)}"
        key = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
        return f"{signed}.{_encode(key.sign(signed.encode(), PUBLIC_PEM))}"
    if how == "payload-list":
        return jwt.api_jws.encode(b"[1]", KEY, algorithm="RS256", headers=header)
    issuer_key = OTHER_KEY if how == "other-key" else KEY
    # By hand, for PyJWT refuses to sign what is odd; the signature of the bytes is what matters.
    algorithm, hashed = ("RS512", SHA512()) if how == "rs512" else ("RS256", SHA256())
    message = f"{_part({'alg': algorithm, 'typ': 'JWT', **header})}.{_part(claims)}"
    signature = _encode(issuer_key.sign(message.encode(), PKCS1v15(), hashed))
    signed = f"{message}.{signature}"
    if how == "changed":
        head = message.partition(".")[0]
        return f"{head}.{_part({**claims, 'sub': '1'})}.{signature}"
    return signed


def _part(value: dict[str, Any]) -> str:
    return _encode(json.dumps(value).encode())


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

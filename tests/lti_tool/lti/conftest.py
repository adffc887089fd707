"""Platforms: one that launches, and one on the web with its registration."""

from collections.abc import Iterator

import pytest
from flask import Flask

from lti_tool.lti.connector import AccessTokens
from lti_tool.models import Registration, db
from tests.support.launches import Platform, load, platform_for
from tests.support.platform_web import TOKEN_URL, Web, platform_web


@pytest.fixture
def moodle(app: Flask) -> Platform:
    return platform_for(app, load("valid", "moodle-student"))


@pytest.fixture
def web() -> Iterator[Web]:
    with platform_web() as found:
        yield found


@pytest.fixture
def registration(app: Flask) -> Iterator[Registration]:
    with app.app_context():
        app.extensions["lob_tokens"] = AccessTokens()
        row = Registration(
            issuer="http://localhost:8080",
            client_id="client-1",
            auth_login_url="http://localhost:8080/mod/lti/auth.php",
            auth_token_url=TOKEN_URL,
            jwks_url="http://localhost:8080/mod/lti/certs.php",
        )
        db.session.add(row)
        db.session.flush()
        yield row

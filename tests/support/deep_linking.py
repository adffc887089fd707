"""A teacher who adds activities from the captured Moodle, and what goes back to it."""

import re
from typing import Any

import jwt
from flask import Flask

from lti_tool.lti.claims import CUSTOM, DEEP_LINKING, RESOURCE_LINK, ROUND_KEY
from tests.support.activities import arrive
from tests.support.launches import Platform, load
from tests.support.school import Visitor

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ITEMS, DATA, MESSAGE = DL + "content_items", DL + "data", DL + "msg"
REQUEST = load("valid", "moodle-deep-linking")
SETTINGS = REQUEST["claims"][DEEP_LINKING]
RETURN_URL = SETTINGS["deep_link_return_url"]


def visit(platform: Platform, launch: dict[str, Any], **settings: Any) -> Visitor:
    """Launch, and go on as this person; `settings` change those of the request."""
    if settings:
        changed = {**launch.get("set", {}), DEEP_LINKING: {**SETTINGS, **settings}}
        launch = {**launch, "set": changed}
    return arrive(platform, launch)


def answer_of(app: Flask, page: str) -> dict[str, Any]:
    """The signed answer a page carries, checked with our own key set."""
    found = re.search(r'name="JWT" value="([^"]+)"', page)
    assert found, page
    keys = app.test_client().get("/lti/jwks.json").json
    assert keys is not None
    kid = jwt.get_unverified_header(found[1])["kid"]
    key = next(one for one in keys["keys"] if one["kid"] == kid)
    claims: dict[str, Any] = jwt.decode(
        found[1],
        jwt.PyJWK.from_dict(key),
        algorithms=["RS256"],
        audience=REQUEST["claims"]["iss"],
        issuer=REQUEST["claims"]["aud"],
    )
    return claims


def link_launch(key: str, link: str, name: str = "moodle-teacher") -> dict[str, Any]:
    """A launch through an activity made by deep linking."""
    return {
        **load("valid", name),
        "set": {
            CUSTOM: {ROUND_KEY: key},
            RESOURCE_LINK: {"id": link, "title": "In de cursus"},
        },
    }

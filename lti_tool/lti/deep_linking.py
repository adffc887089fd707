"""Our answer to a deep linking request (LTI Deep Linking 2.0, 4.4.2): links to rounds, or none.

Only `ltiResourceLink` items, with flat texts in `custom`: Moodle makes an LTI activity of any other
type, and a nested value hangs its dialog (measured on 4.5).
"""

import secrets
import time
from collections.abc import Sequence
from typing import Any

import jwt

from lti_tool.lti.claims import (
    DEPLOYMENT_ID,
    LINK_TYPE,
    MESSAGE_TYPE,
    ROUND_KEY,
    VERSION,
    DeepLinking,
)
from lti_tool.lti.keys import signing_key

DEEP_LINKING_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
LIFETIME = 5 * 60
COMPLETED = {"scoreMaximum": 1, "tag": "preparation"}
"""A gradebook column that says whether a preparation was sent: 1 of 1."""


def link_item(*, title: str, url: str, round_key: str, reports: bool) -> dict[str, Any]:
    """A link that opens a round; with a gradebook column of its own when it `reports`."""
    item: dict[str, Any] = {
        "type": LINK_TYPE,
        "title": title,
        "url": url,
        "custom": {ROUND_KEY: round_key},
    }
    if reports:
        item["lineItem"] = {**COMPLETED, "label": title, "resourceId": round_key}
    return item


def signed_answer(
    request: DeepLinking,
    *,
    issuer: str,
    client_id: str,
    items: Sequence[dict[str, Any]],
    message: str = "",
) -> str:
    """Sign the answer that the browser posts as `JWT`; `message` is for the LMS to show.

    Makes a signing key when there is none: flushes, the caller commits.
    """
    moment = int(time.time())
    claims: dict[str, Any] = {
        "iss": client_id,
        "aud": issuer,
        "iat": moment,
        "exp": moment + LIFETIME,
        "nonce": secrets.token_urlsafe(24),
        DEPLOYMENT_ID: request.deployment_id,
        MESSAGE_TYPE: "LtiDeepLinkingResponse",
        VERSION: "1.3.0",
        DEEP_LINKING_CLAIM + "content_items": list(items),
    }
    if message:
        claims[DEEP_LINKING_CLAIM + "msg"] = message
    if request.data is not None:
        claims[DEEP_LINKING_CLAIM + "data"] = request.data
    kid, key = signing_key()
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": kid})

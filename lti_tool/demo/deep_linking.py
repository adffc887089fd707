"""The tool's answer to a deep linking request (LTI Deep Linking 2.0, 4.4.2) becomes an activity.

Stricter than Moodle: only links to the tool itself, and every text in `custom` must be a text.
"""

from dataclasses import dataclass
from typing import Any

import jwt
from flask import Blueprint, abort, render_template, request

from lti_tool.demo.gradebook import LineItemFields
from lti_tool.demo.state import Lms, current_lms
from lti_tool.demo.tokens import TokenRefused, tool_key

deep_linking = Blueprint("deep_linking", __name__, url_prefix="/deep-link")

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
ANSWER = "https://purl.imsglobal.org/spec/lti-dl/claim/"
NEEDED = ["iss", "aud", "exp", "iat", "nonce"]
NONCE_LIFETIME = 3600
LONGEST_TEXT = 255


@deep_linking.post("/return")
def take_answer() -> str:
    """Check the answer, add what it holds, and say so in the frame."""
    lms = current_lms()
    claims = _claims(lms, request.form.get("JWT", ""))
    course = lms.courses.find(lms.deep_links.get(str(claims.get(ANSWER + "data"))) or "")
    if course is None:
        abort(400, "Dit antwoord hoort niet bij een vraag van ons (data).")
    items = claims.get(ANSWER + "content_items")
    if not isinstance(items, list):
        abort(400, "We vroegen om activiteiten (content_items).")
    activities = [_checked(lms, item) for item in items]
    for one in activities:
        _add(lms, course.id, one)
    titles = ", ".join(one.title for one in activities)
    message = f"Toegevoegd: {titles}" if titles else claims.get(ANSWER + "msg", "")
    return render_template("demo_lms/returned.html", message=message, course=course)


def _claims(lms: Lms, answer: str) -> dict[str, Any]:
    try:
        key = tool_key(lms.tool, jwt.get_unverified_header(answer).get("kid"))
        claims: dict[str, Any] = jwt.decode(
            answer,
            key,
            algorithms=["RS256"],
            audience=lms.tool.issuer,
            issuer=lms.tool.client_id,
            options={"require": NEEDED},
        )
    except (jwt.PyJWTError, TokenRefused, TypeError, ValueError) as error:
        abort(400, f"Het antwoord van het hulpmiddel klopt niet: {error}")
    expected = {
        LTI + "message_type": "LtiDeepLinkingResponse",
        LTI + "version": "1.3.0",
        LTI + "deployment_id": lms.tool.deployment_id,
    }
    for name, value in expected.items():
        if claims.get(name) != value:
            abort(400, f"Het antwoord van het hulpmiddel klopt niet: {name}")
    if not lms.answers.add(str(claims["nonce"]), None, seconds=NONCE_LIFETIME):
        abort(400, "Dit antwoord is al gebruikt. Ga terug naar de cursus.")
    return claims


@dataclass(frozen=True)
class NewActivity:
    """One item of the answer, found good."""

    title: str
    custom: dict[str, str]
    column: LineItemFields | None


def _checked(lms: Lms, item: Any) -> NewActivity:
    if not isinstance(item, dict) or item.get("type") != "ltiResourceLink":
        abort(400, "Alleen een activiteit van het hulpmiddel past hier (type).")
    title, custom, line_item = item.get("title"), item.get("custom", {}), item.get("lineItem")
    if not isinstance(title, str) or not 0 < len(title) <= LONGEST_TEXT:
        abort(400, "De activiteit heeft geen titel (title).")
    if item.get("url", lms.tool.tool_launch_url) != lms.tool.tool_launch_url:
        abort(400, "De activiteit opent iets anders dan het hulpmiddel (url).")
    if not isinstance(custom, dict) or not all(isinstance(one, str) for one in custom.values()):
        abort(400, "De activiteit geeft iets mee wat geen tekst is (custom).")
    column = None if line_item is None else _column(title, line_item)
    return NewActivity(title, custom, column)


def _add(lms: Lms, course_id: str, new: NewActivity) -> None:
    activity = lms.courses.add_activity(
        course_id, title=new.title, custom=new.custom, graded=new.column is not None
    )
    if new.column is not None:
        lms.gradebook.add_for_activity(activity.id, new.column)


def _column(title: str, line_item: Any) -> LineItemFields:
    maximum = line_item.get("scoreMaximum") if isinstance(line_item, dict) else None
    if not isinstance(maximum, int | float) or isinstance(maximum, bool) or maximum <= 0:
        abort(400, "De kolom in het cijferboek heeft geen maximum (lineItem).")
    texts = [line_item.get(name) for name in ("label", "resourceId", "tag")]
    if not all(isinstance(one, str | None) for one in texts):
        abort(400, "De kolom in het cijferboek heeft een naam die geen tekst is (lineItem).")
    label, resource_id, tag = texts
    return LineItemFields(label=label or title, maximum=maximum, resource_id=resource_id, tag=tag)

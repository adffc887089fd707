"""Launches: login initiation and the authentication request (1EdTech Security Framework 5.1.1)."""

import json
import secrets
import time
from typing import Literal, cast, get_args
from urllib.parse import urlencode

import jwt
from flask import Blueprint, abort, render_template, request
from werkzeug.datastructures import MultiDict

from lti_tool.demo.claims import id_token_claims
from lti_tool.demo.courses import LmsCourse
from lti_tool.demo.school import Activity
from lti_tool.demo.state import Lms, PendingLaunch, Target, current_lms

launch = Blueprint("launch", __name__)

COURSE_MENU = "menu"
NEW_ACTIVITY = "new"
Pane = Literal["left", "right"]
HINT_LIFETIME = 600
LANGUAGES = {"nl": "Nederlands", "en": "English"}


class AuthenticationRefused(Exception):
    """The request is answered with an error (OAuth 2.0, 4.2.2.1)."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code, self.description = code, description


@launch.get("/open")
def open_tool() -> str:
    """Send this person's browser to the tool, with a form that posts itself."""
    lms = current_lms()
    tool = lms.tool_called(request.args.get("client", lms.tool.client_id))
    if tool is None:
        abort(404, "Dit hulpmiddel staat hier niet, of het is nog niet geactiveerd.")
    course = chosen_course()
    person = course.person(request.args.get("person", ""))
    if person is None:
        abort(404, "Deze persoon heeft in deze cursus geen plaats.")
    adds_activity = request.args.get("activity") == NEW_ACTIVITY
    activity = None if adds_activity else _chosen_activity(course)
    pane = request.args.get("pane", "left")
    if pane not in get_args(Pane):
        abort(400, "Dit scherm bestaat niet: kies het linker- of het rechterscherm.")
    back = {
        pane: person.id,
        f"{pane}_activity": activity.id if activity else COURSE_MENU,
        f"{pane}_language": chosen_language(),
    }
    hint = _message_hint(activity)
    return_url = f"{lms.url(f'/courses/{course.id}')}?{urlencode(back)}"
    lms.launches.add(
        hint,
        PendingLaunch(
            person,
            activity,
            _chosen_target(),
            return_url,
            tool,
            course,
            adds_activity,
            chosen_language(),
        ),
        seconds=HINT_LIFETIME,
    )
    return render_template(
        "demo_lms/post.html",
        action=tool.tool_login_url,
        fields={
            "iss": tool.issuer,
            "target_link_uri": tool.tool_launch_url,
            "login_hint": person.id,
            "lti_message_hint": hint,
            "client_id": tool.client_id,
            "lti_deployment_id": tool.deployment_id,
            **({"lti_storage_target": lms.storage_target} if lms.storage_target else {}),
        },
    )


@launch.route("/auth", methods=["GET", "POST"])
def authenticate() -> str:
    """Answer the tool's authentication request with an id_token, or with an error.

    An unknown client or redirect_uri gets a page of our own: answering there would hand a launch
    to a stranger (OAuth 2.0, 4.1.2.1).
    """
    lms = current_lms()
    sent = request.form if request.method == "POST" else request.args
    tool = lms.tool_called(sent.get("client_id", ""))
    if tool is None or len(sent.getlist("client_id")) != 1:
        abort(400, "Dit hulpmiddel staat hier niet geregistreerd (client_id).")
    if sent.getlist("redirect_uri") != [tool.tool_launch_url]:
        abort(400, "Naar dit adres sturen we niemand door: het is niet geregistreerd.")
    try:
        pending = _checked(lms, sent)
        if pending.tool is not tool:
            raise AuthenticationRefused("invalid_request", "the hint is another tool's")
    except AuthenticationRefused as refusal:
        fields = {"error": refusal.code, "error_description": refusal.description}
    else:
        claims = id_token_claims(lms, pending, nonce=sent["nonce"], now=int(time.time()))
        fields = {
            "id_token": jwt.encode(
                claims, lms.key.private, algorithm="RS256", headers={"kid": lms.key.id}
            )
        }
    if sent.get("state"):
        fields["state"] = sent["state"]
    return render_template("demo_lms/post.html", action=tool.tool_launch_url, fields=fields)


def chosen_course() -> LmsCourse:
    """The course named in the query, or the first one."""
    courses = current_lms().courses
    course = courses.find(request.args.get("course", courses.first_id))
    if course is None:
        abort(404, "Deze cursus is er niet.")
    return course


def chosen_language(name: str = "language") -> str:
    """The language named in the query, or Dutch."""
    wanted = request.args.get(name, "nl")
    return wanted if wanted in LANGUAGES else "nl"


def _chosen_activity(course: LmsCourse) -> Activity | None:
    """None means the course menu."""
    wanted = request.args.get("activity", COURSE_MENU)
    if wanted == COURSE_MENU:
        return None
    activity = course.activity(wanted)
    if activity is None:
        abort(404, "Deze activiteit staat niet in de cursus.")
    return activity


def _chosen_target() -> Target:
    target = request.args.get("target", "iframe")
    if target not in get_args(Target):
        abort(400, "Openen kan in dit scherm of in een nieuw tabblad.")
    return cast("Target", target)


def _message_hint(activity: Activity | None) -> str:
    """Moodle's is JSON, with quotes and braces that a tool has to escape and echo unchanged."""
    hint = {"launchid": f"ltilaunch_{secrets.token_hex(8)}"}
    if activity:
        hint = {"cmid": activity.id, **hint}
    return json.dumps(hint, separators=(",", ":"))


def _checked(lms: Lms, sent: MultiDict[str, str]) -> PendingLaunch:
    """Return the launch that was asked for. Raises AuthenticationRefused; uses the hint up."""
    repeated = next((name for name in sent if len(sent.getlist(name)) > 1), None)
    if repeated:
        raise AuthenticationRefused("invalid_request", f"{repeated[:40]} was sent more than once")
    if "openid" not in sent.get("scope", "").split():
        raise AuthenticationRefused("invalid_scope", "scope must contain openid")
    if sent.get("response_type") != "id_token":
        raise AuthenticationRefused("unsupported_response_type", "response_type must be id_token")
    for name, wanted in (("response_mode", "form_post"), ("prompt", "none")):
        if sent.get(name) != wanted:
            raise AuthenticationRefused("invalid_request", f"{name} must be {wanted}")
    for name in ("nonce", "state", "login_hint", "lti_message_hint"):
        if not sent.get(name):
            raise AuthenticationRefused("invalid_request", f"{name} is missing")
    pending = lms.launches.take(sent["lti_message_hint"])
    if pending is None:
        raise AuthenticationRefused(
            "invalid_request", "lti_message_hint is unknown, too old or was used before"
        )
    if sent["login_hint"] != pending.person.id:
        raise AuthenticationRefused("login_required", "login_hint names another person")
    return pending

"""The bank's routes: one page per phase, and the way back to the conversation one came from."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from instrument import Group, Phase
from lti_tool.instrument_now import instrument_now
from lti_tool.numbers import whole_number

bank = Blueprint("bank", __name__, url_prefix="/s/<session_id>/bank")


def phases() -> list[Phase]:
    """The phases with example questions: all but the reflection."""
    return [one for one in instrument_now().phases if one.groups]


def known_phase(phase_key: str) -> Phase:
    """A phase with example questions, else NotFound."""
    phase = next((one for one in phases() if one.key == phase_key), None)
    if phase is None:
        raise NotFound("no_such_phase")
    return phase


def group_of(phase: Phase, source_key: str) -> Group:
    """The group a question of the source stands in, else NotFound."""
    for group in phase.groups:
        if source_key in {one.key for one in group.questions}:
            return group
    raise NotFound("no_such_question")


def navigation(endpoint: str, here: Phase, marks: dict[str, str]) -> list[dict[str, Any]]:
    """The phases under their steps, each with its mark."""
    shown = phases()
    return [
        {
            "heading": step.title,
            "phases": [
                {
                    "number": one.number,
                    "title": one.title,
                    "href": url_for(endpoint, phase_key=one.key),
                    "current": one.key == here.key,
                    "mark": marks.get(one.key),
                }
                for one in shown
                if one.key in step.phases
            ],
        }
        for step in instrument_now().steps
        if any(one.key in step.phases for one in shown)
    ]


def from_conversation() -> int | None:
    """The conversation whose guide led here; that page itself asks who may see it."""
    return whole_number(request.args.get("conversation", ""))


@bank.url_defaults
def keep_the_way_back(_endpoint: str, values: dict[str, Any]) -> None:
    """Let every page and form of the bank remember the conversation."""
    if from_conversation() is not None:
        values.setdefault("conversation", from_conversation())


def back_to(phase: Phase, place: str = "", **query: str) -> Response:
    """Return to the phase's page, at the place that changed: a button there gets the focus."""
    values: dict[str, Any] = {"phase_key": phase.key, **query}
    return redirect(url_for("bank.page", _anchor=place or None, **values), 303)

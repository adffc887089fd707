"""What somebody typed into a form that was refused: shown back, so that nothing is lost."""

from flask import request
from werkzeug.exceptions import HTTPException

NOT_WRITTEN = frozenset(
    [
        "action",
        "again",
        "agreed",
        "answered",
        "asked",
        "back",
        "brought_by",
        "chair",
        "clock",
        "confirmed",
        "conversation",
        "conversation_id",
        "course",
        "csrf_token",
        "date",
        "done",
        "due_on",
        "evidence_seen",
        "evidence_wanted",
        "from",
        "group",
        "hidden",
        "id_token",
        "informed_by",
        "key",
        "keys",
        "kind",
        "language",
        "mails",
        "minutes",
        "one_by_one",
        "openid_configuration",
        "outcome_id",
        "owner",
        "page",
        "party",
        "pass",
        "pause",
        "phase",
        "picked",
        "planned_for",
        "present",
        "proof",
        "pupil",
        "pupil_reads",
        "purpose",
        "questions",
        "reach",
        "read_back",
        "registration_token",
        "replaces",
        "reports_preparation",
        "round",
        "scope",
        "seen",
        "settled",
        "shared",
        "shown",
        "state",
        "step_due",
        "storage",
        "teacher",
        "till",
        "time",
        "time_id",
        "to_teachers",
        "who",
        "with_internship",
        "without_internship",
        "workplace",
    ]
)
"""Form fields that carry a choice, a number or a secret, not what somebody wrote.

Each page that any test fetches is held against this list.
"""
NOT_WRITTEN_PREFIXES = ("revision", "take-", "verdict.")
NOTHING_WRITTEN = frozenset(
    [
        "browser.confirm_new_tab",
        "browser.prove",
        "lti.launch",
        "lti.login",
        "registering.confirm_registration",
    ]
)
"""Posts in which nobody wrote anything."""


def is_written(name: str) -> bool:
    """Whether a field of this name carries what somebody wrote."""
    return name not in NOT_WRITTEN and not name.startswith(NOT_WRITTEN_PREFIXES)


def typed_text() -> list[tuple[str, str]]:
    """What a refused form carried: pairs of field name and text."""
    if request.method != "POST" or request.endpoint in NOTHING_WRITTEN:
        return []
    try:
        fields = request.form.items(multi=True)
        return [(name, value) for name, value in fields if value.strip() and is_written(name)]
    except HTTPException:
        return []

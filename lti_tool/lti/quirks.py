"""What platforms do beside the specification; each with platform, symptom and source.

- Moodle 4.5, Canvas: a variable the platform does not support arrives literally
  (`$ResourceLink.id.history`), an unavailable one as `null` (captures of both). Treat as absent.
- Canvas: a launch from the course navigation carries a resource_link whose id is the context's
  own id (capture). It names no activity. Elsewhere the same id says nothing: Moodle counts
  courses and activities each from 1, so the second activity may well be in course 2 (capture).
- Canvas: `name` may be the person's e-mail address (capture). No address is kept as a name.
- Canvas: the names of sections are one text that holds a JSON list, its quotes escaped or not; a
  name may have a comma in it (documentation). Ids of sections are separated by commas.
- Canvas: beside 429, throttling is a 403 that says "Rate Limit Exceeded" (source).
- Canvas: only with `rlid=<context id>` does the roster carry our custom fields (source). Elsewhere
  that id could be another activity's, so it is asked of Canvas only.
- Moodle: a non-editing teacher is Instructor at launch and Learner in the roster (captures).
- Canvas: `authorization_server` in its OpenID configuration is a bare host (capture), where its
  token address wants to be the audience of our assertions.
- Canvas: roles of the institution are those somebody has anywhere; a membership role is one in this
  course, and an account's administrator has none unless enrolled (documentation). Moodle makes its
  administrators Instructor of every course (capture).
- Canvas: "Student View" launches as a learner who also has the system role TestUser (source).
"""

import json
from collections.abc import Iterable, Mapping

TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#testuser"
PLACEMENT = "https://www.instructure.com/placement"
STUDENT_VIEW = "student_view"
"""Name under which we ask for `$com.instructure.User.student_view`."""


def present(value: object) -> str:
    """Return a text claim, or "" when it is absent, not text, or an unsubstituted variable."""
    if not isinstance(value, str) or value.startswith("$"):
        return ""
    if not value.isprintable():
        value = "".join(char for char in value if char.isprintable() or char == " ")
    return " ".join(value.split())


def several(value: object) -> list[str]:
    """Return what a variable lists: a JSON list in one text, or values separated by commas."""
    text = present(value)
    if text.startswith("["):
        for attempt in (text, text.replace('\\"', '"')):
            try:
                listed = json.loads(attempt)
            except (ValueError, RecursionError):
                continue
            return [present(one) for one in listed] if isinstance(listed, list) else []
    return [one.strip() for one in text.split(",")]


def unresolved(custom: Mapping[str, object]) -> tuple[str, ...]:
    """Names of the custom variables that came back literally."""
    return tuple(
        present(name)
        for name, value in custom.items()
        if isinstance(value, str) and value.startswith("$")
    )


def is_test_user(roles: Iterable[str], custom: Mapping[str, object]) -> bool:
    """Whether this is nobody's account: Student View, or a user made for testing."""
    return any(role.lower() == TEST_USER for role in roles) or (
        present(custom.get(STUDENT_VIEW)).lower() == "true"
    )


def names_the_course(
    resource_link_id: str, context_id: str, claims: Mapping[str, object], family: str
) -> bool:
    """Whether a resource link is the course itself (Canvas course navigation).

    Not in Moodle, where the small numbers of an activity and its course may happen to be equal.
    """
    is_canvas = family == "canvas" or claims.get(PLACEMENT) == "course_navigation"
    return is_canvas and resource_link_id == context_id


def is_address(name: str) -> bool:
    """Whether a "name" is an e-mail address (Canvas)."""
    return "@" in name


def is_throttling(body: bytes) -> bool:
    """Whether a 403 means "too many calls" (Canvas)."""
    return b"rate limit exceeded" in body[:2000].lower()


def membership_is_real(family: str) -> bool:
    """Whether an administrator's membership role says that they are enrolled (Canvas)."""
    return family == "canvas"


def roster_names_link(family: str) -> bool:
    """Whether the roster should be asked for our custom fields (Canvas)."""
    return family == "canvas"


def token_audience(authorization_server: object) -> str:
    """The audience of our assertions when a platform wants another than its token address."""
    named = present(authorization_server)
    return named if named.startswith("https://") and len(named) <= 255 else ""

"""What platforms do beside the specification; each with platform, symptom and source.

- Moodle 4.5, Canvas: a variable the platform does not support arrives literally
  (`$ResourceLink.id.history`), an unavailable one as `null` (captures of both). Treat as absent.
- Canvas: a launch from the course navigation carries a resource_link whose id is the context's
  own id (capture). It names no activity.
- Canvas: `name` may be the person's e-mail address (capture). We keep no addresses.
"""


def present(value: object) -> str:
    """Return a text claim, or "" when it is absent, not text, or an unsubstituted variable."""
    if not isinstance(value, str) or value.startswith("$"):
        return ""
    return " ".join("".join(char for char in value if char.isprintable() or char == " ").split())


def names_the_course(resource_link_id: str, context_id: str) -> bool:
    """Whether a resource link is the course itself (Canvas course navigation)."""
    return resource_link_id == context_id


def is_address(name: str) -> bool:
    """Whether a "name" is an e-mail address (Canvas)."""
    return "@" in name

"""What a launch asks beside opening a round, kept as JSON in its session until it is done.

| kind | other keys | why |
|---|---|---|
| deep_link | those of `DeepLinking` | the LMS wants a new activity from the teacher |
| link | those of `Link` | the activity has no round yet: a copy, or a new school year |
| plain | | the activity was made without us: a teacher of several rounds gets the list |

All of it is the platform's own; nothing is about a person.
"""

from dataclasses import asdict, dataclass
from typing import Any

from lti_tool.access import visit
from lti_tool.lti.claims import DeepLinking, Launch


@dataclass(frozen=True, kw_only=True)
class Link:
    """An activity of the LMS, as far as finding its round goes. Texts are "" when absent."""

    resource_link_id: str
    title: str
    round_key: str
    lineitem_url: str


def link_of(launch: Launch) -> Link | None:
    """The activity a launch came through; None for the course navigation and deep linking."""
    if not launch.resource_link_id:
        return None
    return Link(
        resource_link_id=launch.resource_link_id,
        title=launch.resource_link_title,
        round_key=launch.round_key,
        lineitem_url=launch.lineitem_url,
    )


def errand_of(launch: Launch, round_id: int | None) -> dict[str, Any] | None:
    """What the session of this launch must remember; `round_id` is where the launch led."""
    if launch.deep_linking:
        return {"kind": "deep_link", **asdict(launch.deep_linking)}
    link = link_of(launch)
    if link is None:
        return None
    if round_id is None:
        return {"kind": "link", **asdict(link)}
    return None if link.round_key else {"kind": "plain"}


def asked_deep_linking() -> DeepLinking | None:
    """The deep linking request this visit came with."""
    errand = _of_kind("deep_link")
    if errand is None:
        return None
    return DeepLinking(**{**errand, "accept_types": tuple(errand["accept_types"])})


def unplaced_link() -> Link | None:
    """The activity this visit came through, when it had no round at that moment."""
    errand = _of_kind("link")
    return Link(**errand) if errand else None


def came_by_plain_link() -> bool:
    """Whether the activity was made without deep linking."""
    return _of_kind("plain") is not None


def _of_kind(kind: str) -> dict[str, Any] | None:
    errand = visit().session.errand
    if errand is None or errand["kind"] != kind:
        return None
    return {name: value for name, value in errand.items() if name != "kind"}

"""Where a course and an activity are on their platform, read from a verified `return_url`.

LTI has no claim for it. What platforms send (captures), and what we make of it:

- Moodle 4.5: `/mod/lti/return.php?course=2&instanceid=1&sesskey=…`. The course is
  `/course/view.php?id=2`; an activity, whose resource link id is its instanceid, is
  `/mod/lti/view.php?l=<id>` (source of Moodle). The sesskey is somebody's: never kept.
- Canvas: `/courses/3/assignments`, `/courses/3/external_content/…`. The course is `/courses/3`.
- Anything else: the platform's front page.
"""

import re
from urllib.parse import parse_qs, urlsplit

from lti_tool.settings import checked_url

MOODLE_RETURN, MOODLE_COURSE = "/mod/lti/return.php", "/course/view.php"
CANVAS_COURSE = re.compile(r"/courses/[0-9]+(?=/|$)")
NUMBER = re.compile(r"[0-9]{1,18}")


def course_address(return_url: str) -> str:
    """The course's own page, or the platform's; "" where no safe address is known."""
    try:
        parts = urlsplit(checked_url(return_url))
    except ValueError:
        return ""
    origin = f"{parts.scheme}://{parts.netloc}"
    course = parse_qs(parts.query).get("course", [""])[0]
    if parts.path.endswith(MOODLE_RETURN) and NUMBER.fullmatch(course):
        return f"{origin}{parts.path.removesuffix(MOODLE_RETURN)}{MOODLE_COURSE}?id={course}"
    found = CANVAS_COURSE.match(parts.path)
    return origin + (found[0] if found else "/")


def better_address(known: str, said: str) -> str:
    """The newest address, but never a front page in the place of a course."""
    return said if said and (names_course(said) or not names_course(known)) else known


def names_course(address: str) -> bool:
    """Whether this is a course's page and not a platform's front page."""
    parts = urlsplit(address)
    return parts.path not in {"", "/"}


def activity_address(address: str, resource_link_id: str | None) -> str:
    """The activity's own page where the platform has one we know; else `address`, its course's."""
    parts = urlsplit(address)
    if not parts.path.endswith(MOODLE_COURSE) or not NUMBER.fullmatch(resource_link_id or ""):
        return address
    base = f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix(MOODLE_COURSE)}"
    return f"{base}/mod/lti/view.php?l={resource_link_id}"


def origin_of(address: str) -> str:
    """Scheme, host and port of an address, as a browser compares them; "" for none."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

"""Role URIs to the roles we know (LTI 1.3 core, appendix A.2). Closed by default.

Only principal roles in the course make somebody a pupil or a teacher; a sub-role alone, or the
same word for the whole institution, does not. Whoever administers the institution or the platform
gets the administrator's page, also when Moodle adds membership#Instructor. Who administers the
course only, and teaches it (Open edX calls every instructor so), is a teacher. Canvas' observers,
who are mostly parents, are Mentors; its designers are ContentDevelopers, who have no pupils.
"""

import enum
from collections.abc import Iterable

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"

ADMINISTRATORS = frozenset(
    role.lower()
    for role in (
        INSTITUTION + "Administrator",
        SYSTEM + "Administrator",
        SYSTEM + "SysAdmin",
    )
)


class LaunchRole(enum.StrEnum):
    """What a launch says somebody is in this course."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    ADMINISTRATOR = "administrator"
    OBSERVER = "observer"
    """Looks over a pupil's shoulder: a parent. Reads no conversation here."""
    NONE = "none"


PRINCIPALS = (
    ("instructor", LaunchRole.TEACHER),
    ("learner", LaunchRole.PUPIL),
    ("administrator", LaunchRole.ADMINISTRATOR),
    ("mentor", LaunchRole.OBSERVER),
)
"""Words of membership roles, in lower case; the first that is there counts."""


def role_of(roles: Iterable[str]) -> LaunchRole:
    """Read the roles claim; case does not matter (Canvas), short names are membership roles."""
    names = {role.lower() for role in roles}
    return LaunchRole.ADMINISTRATOR if names & ADMINISTRATORS else _principal(names)


def member_role_of(roles: Iterable[str]) -> LaunchRole:
    """Read a member's roles in the course: pupil, teacher, observer, or none with us.

    An administrator who is listed as the course's teacher is one.
    """
    role = _principal({role.lower() for role in roles})
    return LaunchRole.NONE if role is LaunchRole.ADMINISTRATOR else role


def _principal(names: set[str]) -> LaunchRole:
    for principal, role in PRINCIPALS:
        if {MEMBERSHIP.lower() + principal, principal} & names:
            return role
    return LaunchRole.NONE

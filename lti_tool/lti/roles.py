"""Role URIs to the roles we know (LTI 1.3 core, appendix A.2). Closed by default.

Only principal roles in the course make somebody a pupil or a teacher; a sub-role alone, or the
same word for the whole institution, does not. Whoever administers the institution or the platform
gets the administrator's page, also when Moodle adds membership#Instructor.
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
        MEMBERSHIP + "Administrator",
    )
)


class LaunchRole(enum.StrEnum):
    """What a launch says somebody is in this course."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    ADMINISTRATOR = "administrator"
    NONE = "none"


def role_of(roles: Iterable[str]) -> LaunchRole:
    """Read the roles claim; case does not matter (Canvas), short names are membership roles."""
    names = {role.lower() for role in roles}
    return LaunchRole.ADMINISTRATOR if names & ADMINISTRATORS else course_role_of(names)


def course_role_of(roles: Iterable[str]) -> LaunchRole:
    """Read a member's roles in a roster: an administrator listed as its teacher is one."""
    names = {role.lower() for role in roles}
    for principal, role in (("Instructor", LaunchRole.TEACHER), ("Learner", LaunchRole.PUPIL)):
        if {(MEMBERSHIP + principal).lower(), principal.lower()} & names:
            return role
    return LaunchRole.NONE

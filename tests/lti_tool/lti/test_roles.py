"""Roles: only what a membership role says counts, whatever else stands in the claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.roles import INSTITUTION, MEMBERSHIP, SYSTEM, LaunchRole, role_of

SUB_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant"


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([MEMBERSHIP + "Learner"], LaunchRole.PUPIL),
        ([MEMBERSHIP + "Instructor"], LaunchRole.TEACHER),
        ([MEMBERSHIP + "Instructor", MEMBERSHIP + "Learner"], LaunchRole.TEACHER),
        ([SUB_ROLE, MEMBERSHIP + "Instructor"], LaunchRole.TEACHER),
        ([SUB_ROLE], LaunchRole.NONE),
        ([MEMBERSHIP + "Mentor"], LaunchRole.OBSERVER),
        ([MEMBERSHIP + "Learner", MEMBERSHIP + "Mentor"], LaunchRole.PUPIL),
        ([MEMBERSHIP + "ContentDeveloper"], LaunchRole.NONE),
        ([MEMBERSHIP + "Member"], LaunchRole.NONE),
        ([MEMBERSHIP + "Administrator"], LaunchRole.ADMINISTRATOR),
        ([MEMBERSHIP + "Administrator", MEMBERSHIP + "Instructor"], LaunchRole.TEACHER),
        ([INSTITUTION + "Administrator", MEMBERSHIP + "Instructor"], LaunchRole.ADMINISTRATOR),
        ([SYSTEM + "SysAdmin"], LaunchRole.ADMINISTRATOR),
        ([INSTITUTION + "Instructor"], LaunchRole.NONE),
        ([INSTITUTION + "Student", SYSTEM + "User"], LaunchRole.NONE),
        ([SYSTEM + "None"], LaunchRole.NONE),
        ([], LaunchRole.NONE),
        ([""], LaunchRole.NONE),
    ],
)
def test_a_role_follows_from_membership(roles: list[str], expected: LaunchRole) -> None:
    assert role_of(roles) is expected
    assert role_of([role.upper() for role in roles]) is expected


@given(st.lists(st.text(max_size=12) | st.sampled_from([INSTITUTION + "Instructor", SUB_ROLE])))
def test_words_we_do_not_know_give_no_right(roles: list[str]) -> None:
    known = {"instructor", "learner", "mentor", "administrator"}
    assert known & {role.lower() for role in roles} or role_of(roles) is LaunchRole.NONE

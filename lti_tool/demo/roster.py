"""The roster: Names and Role Provisioning Services 2.0."""

from flask import Blueprint, Response, abort, request

from lti_tool.demo.claims import ROLES
from lti_tool.demo.school import LmsPerson
from lti_tool.demo.services import answer, needs_scope, page_of
from lti_tool.demo.state import current_lms
from lti_tool.demo.vocabulary import ROSTER_READ, ROSTER_TYPE

roster = Blueprint("roster", __name__)

# Small on purpose: a class is more than one page, as a year group is in Canvas.
PAGE_SIZE = 5
SHORT_ROLES = {"mentor": "Instructor", "pupil": "Learner"}


@roster.get("/services/<course_id>/roster")
@needs_scope(ROSTER_READ)
def members(course_id: str) -> Response:
    """The participants of the course, optionally of one role (short name or full URI)."""
    lms = current_lms()
    course = lms.courses.find(course_id)
    if course is None:
        abort(404, "there is no such course")
    path = f"/services/{course.id}/roster"
    role = request.args.get("role")
    found = [person for person in course.participants if role is None or _has_role(person, role)]
    query = {} if role is None else {"role": role}
    part, next_link = page_of(found, path, PAGE_SIZE, **query)
    body = {
        "id": lms.url(path),
        "context": {
            "id": course.id,
            "label": course.title,
            "title": course.title,
        },
        "members": [_member(person) for person in part],
    }
    response = answer(body, ROSTER_TYPE)
    if next_link:
        response.headers["Link"] = next_link
    return response


def _has_role(person: LmsPerson, role: str) -> bool:
    return role == SHORT_ROLES[person.role] or role in ROLES[person.role]


def _member(person: LmsPerson) -> dict[str, object]:
    return {
        "status": "Active",
        "roles": [SHORT_ROLES[person.role]],
        "user_id": person.id,
        "lis_person_sourcedid": "",
        "name": person.name,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "email": person.email,
    }

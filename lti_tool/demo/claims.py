"""The claims of an id_token, as Moodle 4.5 writes them (LTI 1.3 core, section 5.3)."""

import secrets
import uuid

from lti_tool.demo.courses import LmsCourse
from lti_tool.demo.school import Activity
from lti_tool.demo.state import Lms, PendingLaunch, RegisteredTool
from lti_tool.demo.vocabulary import GRADE_SCOPES

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
GRADES_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
ROSTER_CLAIM = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
PLACEMENT_CLAIM = "https://www.instructure.com/placement"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"

OPTIONAL_CLAIMS = frozenset({"name", "given_name", "family_name", "email"})
LIFETIME = 60
DEEP_LINK_LIFETIME = 2 * 60 * 60
VERSION = "1"
ROLES = {
    "mentor": [f"{VOCABULARY}membership#Instructor"],
    "pupil": [f"{VOCABULARY}membership#Learner"],
    # Moodle lets its administrator into every course as a teacher.
    "administrator": [
        f"{VOCABULARY}institution/person#Administrator",
        f"{VOCABULARY}membership#Instructor",
        f"{VOCABULARY}system/person#Administrator",
    ],
}


def id_token_claims(lms: Lms, launch: PendingLaunch, *, nonce: str, now: int) -> dict[str, object]:
    """Return everything the LMS says in this launch; `now` in seconds since 1970."""
    person, school, tool, course = launch.person, lms.school, launch.tool, launch.course
    claims: dict[str, object] = {
        "nonce": nonce,
        "iat": now,
        "exp": now + LIFETIME,
        "iss": tool.issuer,
        "aud": tool.client_id,
        "sub": person.id,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "name": person.name,
        "email": person.email,
        f"{LTI}message_type": "LtiResourceLinkRequest",
        f"{LTI}version": "1.3.0",
        f"{LTI}deployment_id": tool.deployment_id,
        f"{LTI}target_link_uri": tool.tool_launch_url,
        f"{LTI}roles": ROLES[person.role],
        f"{LTI}context": {
            "id": course.id,
            "label": course.title,
            "title": course.title,
            "type": ["CourseSection"],
        },
        f"{LTI}custom": {"context_history": ",".join(course.history)},
        f"{LTI}launch_presentation": {
            "locale": launch.language,
            "document_target": launch.target,
            "return_url": launch.return_url,
        },
        f"{LTI}tool_platform": {
            "product_family_code": "demo",
            "version": VERSION,
            "guid": uuid.uuid5(uuid.NAMESPACE_URL, tool.issuer).hex,
            "name": school.name,
        },
        GRADES_CLAIM: _grades_endpoint(lms, launch.activity),
        ROSTER_CLAIM: {
            "context_memberships_url": lms.url(f"/services/{course.id}/roster"),
            "service_versions": ["1.0", "2.0"],
        },
    }
    if isinstance(tool, RegisteredTool):
        claims[f"{LTI}custom"] = tool.custom
        for name in OPTIONAL_CLAIMS - tool.claims:
            del claims[name]
    if launch.adds_activity:
        return claims | _deep_linking(lms, launch)
    claims[f"{LTI}resource_link"] = _resource_link(course, launch.activity)
    if launch.activity is None:
        claims[PLACEMENT_CLAIM] = "course_navigation"
    else:
        claims[f"{LTI}custom"] = {
            "context_history": ",".join(course.history),
            **launch.activity.custom,
        }
    return claims


def _deep_linking(lms: Lms, launch: PendingLaunch) -> dict[str, object]:
    """The request for a new activity (LTI Deep Linking 2.0, 4.4.1), without resource link."""
    data = secrets.token_urlsafe(16)
    lms.deep_links.add(data, launch.course.id, seconds=DEEP_LINK_LIFETIME)
    return {
        f"{LTI}message_type": "LtiDeepLinkingRequest",
        f"{DEEP_LINKING}deep_linking_settings": {
            "deep_link_return_url": lms.url("/deep-link/return"),
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe", "window"],
            "accept_multiple": True,
            "auto_create": False,
            "data": data,
        },
    }


def _resource_link(course: LmsCourse, activity: Activity | None) -> dict[str, str]:
    """Canvas has no activity behind its course menu and repeats the course there."""
    if activity is None:
        return {"id": course.id, "title": course.title}
    return {"id": activity.id, "title": activity.title}


def _grades_endpoint(lms: Lms, activity: Activity | None) -> dict[str, object]:
    endpoint: dict[str, object] = {
        "scope": list(GRADE_SCOPES),
        "lineitems": lms.url("/services/lineitems?type_id=1"),
    }
    column = activity and lms.gradebook.line_item_of_activity(activity.id)
    if column:
        endpoint["lineitem"] = lms.url(f"/services/lineitems/{column.id}/lineitem?type_id=1")
    return endpoint

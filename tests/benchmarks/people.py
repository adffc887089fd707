"""Who launches: a thousand people in forty courses, as Moodle would say it."""

import time
from dataclasses import dataclass
from typing import Any

PEOPLE, COURSES = 1000, 40
CLASS_SIZE = PEOPLE // COURSES
CLIENT_ID, DEPLOYMENT_ID = "benchmark-client", "1"

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
GRADES = "https://purl.imsglobal.org/spec/lti-ags/"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


@dataclass(frozen=True)
class Person:
    """Number `number` of the school; those past PEOPLE are new to every tool."""

    number: int

    @property
    def course(self) -> int:
        """Which of the courses this person is in."""
        return self.number % COURSES

    @property
    def course_title(self) -> str:
        """What every tool's page shows."""
        return f"Mentorklas nummer {self.course}"

    @property
    def role(self) -> str:
        """The first of each class teaches it."""
        teaches = self.number < COURSES
        return MEMBERSHIP + ("Instructor" if teaches else "Learner")

    def claims(self, *, issuer: str, nonce: str, target: str) -> dict[str, Any]:
        """The id_token of a launch at this moment."""
        moment, course = int(time.time()), self.course
        given, family = f"Voornaam{self.number}", f"Achternaam{self.number}"
        return {
            "iss": issuer,
            "aud": CLIENT_ID,
            "sub": f"person-{self.number}",
            "iat": moment,
            "exp": moment + 60,
            "nonce": nonce,
            "name": f"{given} {family}",
            "given_name": given,
            "family_name": family,
            "email": f"person{self.number}@school.example",
            CLAIM + "version": "1.3.0",
            CLAIM + "message_type": "LtiResourceLinkRequest",
            CLAIM + "deployment_id": DEPLOYMENT_ID,
            CLAIM + "target_link_uri": target,
            CLAIM + "roles": [self.role],
            CLAIM + "context": {
                "id": f"course-{course}",
                "label": f"M{course}",
                "title": self.course_title,
                "type": ["http://purl.imsglobal.org/vocab/lis/v2/course#CourseSection"],
            },
            CLAIM + "resource_link": {"id": f"link-{course}", "title": "Loopbaangesprek"},
            CLAIM + "launch_presentation": {
                "locale": "nl",
                "document_target": "iframe",
                "return_url": f"{issuer}/course/view.php?id={course}",
            },
            CLAIM + "tool_platform": {
                "guid": "benchmark",
                "name": "School",
                "product_family_code": "moodle",
            },
            CLAIM + "custom": {"context_history": ""},
            GRADES + "claim/endpoint": {
                "scope": [GRADES + "scope/lineitem", GRADES + "scope/score"],
                "lineitems": f"{issuer}/courses/{course}/lineitems",
                "lineitem": f"{issuer}/courses/{course}/lineitems/1",
            },
            ROSTER: {
                "context_memberships_url": f"{issuer}/courses/{course}/members",
                "service_versions": ["2.0"],
            },
        }

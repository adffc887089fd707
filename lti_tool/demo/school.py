"""The invented school: who is in the class, and which activities the course holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

LmsRole = Literal["mentor", "pupil", "administrator"]
ROLE_NAMES = {"mentor": "mentor", "pupil": "leerling", "administrator": "beheerder"}


@dataclass(frozen=True)
class LmsPerson:
    """Somebody with an account. An administrator is not a participant of the course."""

    id: str
    given_name: str
    family_name: str
    role: LmsRole
    without_email: bool = False

    @property
    def name(self) -> str:
        """The full name as the LMS shows it."""
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str:
        """An address that reaches nobody (RFC 2606); one pupil has none, so that shows too."""
        if self.without_email:
            return ""
        return f"{self.given_name}.{self.id}@voorbeeldcollege.example".lower().replace("ü", "u")


@dataclass(frozen=True)
class Activity:
    """A placement of the tool in the course."""

    id: str
    """The resource link id. It never equals the course id: Canvas means the course menu by that."""
    title: str
    graded: bool
    """Whether the activity has a column in the gradebook, and so a line item."""
    custom: Mapping[str, str] = field(default_factory=dict)
    """What the tool gave along when the activity was made (deep linking)."""


@dataclass(frozen=True)
class School:
    """One school, and the course it begins with."""

    name: str
    course_id: str
    course_title: str
    people: tuple[LmsPerson, ...]
    activities: tuple[Activity, ...]
    """From old to new; the last one is the current one."""


FIRST = {"lob_round": "demo-first-round"}
SECOND = {"lob_round": "demo-second-round"}
"""As if they were made by deep linking: the story makes its rounds under these keys."""

DEMO_SCHOOL = School(
    name="Het Voorbeeldcollege",
    course_id="7",
    course_title="Mentorles 3 mavo B",
    people=(
        LmsPerson("3", "Marleen", "Hoekstra", "mentor"),
        LmsPerson("4", "Amira", "Benali", "pupil"),
        LmsPerson("5", "Daan", "van der Velde", "pupil"),
        LmsPerson("6", "Eylül", "Kaya", "pupil"),
        LmsPerson("7", "Giovanni", "Martina", "pupil"),
        LmsPerson("8", "Jasmijn", "de Boer", "pupil"),
        LmsPerson("9", "Oluwaseun", "Adeyemi", "pupil"),
        LmsPerson("10", "Priya", "Ramdin", "pupil"),
        LmsPerson("11", "Zofia", "Kowalska", "pupil", without_email=True),
        LmsPerson("2", "Karin", "Postma", "administrator"),
    ),
    activities=(
        Activity("12", "Loopbaangesprek najaar", graded=False, custom=FIRST),
        Activity("19", "Loopbaangesprek voorjaar", graded=True, custom=SECOND),
    ),
)

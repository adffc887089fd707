"""Who asks: what every page needs of a visit, read in one statement at the start of a request.

Facts, not records: the records of six tables cost three times as much to read, at every request,
and few pages want to change one. Those load it. The names are those of the models.
"""

from datetime import datetime
from itertools import accumulate, chain, pairwise
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, select

from lti_tool.models import (
    Coordinator,
    Course,
    Enrolment,
    Language,
    LaunchSession,
    Person,
    Proof,
    Registration,
    Role,
    RosterState,
    SchoolWords,
    db,
    table_of,
)
from lti_tool.models.school import Address, ConversationWord, PupilWord, TeacherWord, WorkplaceWord


class WordsFacts(NamedTuple):
    """What a school chose; see `SchoolWords`."""

    pupil: PupilWord
    teacher: TeacherWord
    workplace: WorkplaceWord
    conversation: ConversationWord
    to_teachers: Address
    with_internship: bool
    school_passes_on: bool


class PlatformFacts(NamedTuple):
    """The platform this was launched from; see `Registration`."""

    id: int
    issuer: str
    client_id: str
    family: str
    frame_origins: list[str]
    mails: bool
    disabled_at: datetime | None
    words: WordsFacts | None


class PersonFacts(NamedTuple):
    """Somebody; see `Person`."""

    id: int
    name: str
    local_key: str
    language: Language | None
    guide_one_by_one: bool
    guide_keys: bool
    guide_clock: bool
    coordinates: bool
    """Whether the administrator appointed them."""


class CourseFacts(NamedTuple):
    """The course this was launched into; see `Course`."""

    id: int
    registration_id: int
    title: str
    address: str
    memberships_url: str
    roster_state: RosterState
    roster_reason: str
    roster_asked_at: datetime | None
    roster_again_at: datetime | None
    roster_read_at: datetime | None


class EnrolmentFacts(NamedTuple):
    """This person in this course, as it stands now; see `Enrolment`."""

    id: int
    person_id: int
    course_id: int
    role: Role
    first_seen_at: datetime
    ended_at: datetime | None
    person: PersonFacts
    course: CourseFacts


class SessionFacts(NamedTuple):
    """One launch; see `LaunchSession`. An administrator's may be of no enrolment."""

    id: int
    cookie_hash: str
    cookie_seen: bool
    user_agent_hash: str
    proof: Proof
    registration_id: int
    enrolment_id: int | None
    round_id: int | None
    facts: dict[str, Any] | None
    return_url: str
    errand: dict[str, Any] | None
    language: Language
    created_at: datetime
    seen_at: datetime
    registration: PlatformFacts
    enrolment: EnrolmentFacts | None


SESSION, PLATFORM, WORDS, PLACE, PERSON, COURSE = (
    table_of(one) for one in (LaunchSession, Registration, SchoolWords, Enrolment, Person, Course)
)
APPOINTED = table_of(Coordinator)
PARTS = [
    [table.c[name] for name in kind._fields if name in table.c]
    for table, kind in (
        (SESSION, SessionFacts),
        (PLATFORM, PlatformFacts),
        (WORDS, WordsFacts),
        (PLACE, EnrolmentFacts),
        (PERSON, PersonFacts),
        (COURSE, CourseFacts),
    )
]
ENDS = list(accumulate(map(len, PARTS), initial=0))
SLICES = [slice(*both) for both in pairwise(ENDS)]
COORDINATES = exists(
    select(APPOINTED.c.id).where(APPOINTED.c.person_id == PLACE.c.person_id)
).correlate(PLACE)
BY_ID = (
    select(*chain.from_iterable(PARTS), COORDINATES)
    .select_from(
        SESSION.join(PLATFORM, PLATFORM.c.id == SESSION.c.registration_id)
        .outerjoin(WORDS, WORDS.c.registration_id == PLATFORM.c.id)
        .outerjoin(PLACE, PLACE.c.id == SESSION.c.enrolment_id)
        .outerjoin(PERSON, PERSON.c.id == PLACE.c.person_id)
        .outerjoin(COURSE, COURSE.c.id == PLACE.c.course_id)
    )
    .where(SESSION.c.id_hash == bindparam("id_hash"))
)
"""Built once: every request begins with it."""


def facts_of(id_hash: str) -> SessionFacts | None:
    """The session with this id, whether or not it is still good; None when there is none."""
    row = db.session.execute(BY_ID, {"id_hash": id_hash}).one_or_none()
    if row is None:
        return None
    session, registration, words, place, person, course = (row[part] for part in SLICES)
    coordinates = row[-1]
    platform = PlatformFacts._make((*registration, WordsFacts(*words) if words[0] else None))
    enrolment = None
    if place[0] is not None:
        somebody = PersonFacts._make((*person, coordinates))
        enrolment = EnrolmentFacts._make((*place, somebody, CourseFacts(*course)))
    return SessionFacts._make((*session, platform, enrolment))

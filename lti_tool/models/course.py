"""Courses, people and their enrolments, as launches and rosters told us."""

import enum
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import JSON, ForeignKey, Index, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.models.base import Base, UtcDateTime, now, one_of
from lti_tool.models.language import Language
from lti_tool.models.platform import Registration


def new_local_key() -> str:
    """32 random bytes, URL-safe base64."""
    return urlsafe_b64encode(secrets.token_bytes(32)).decode()


class Role(enum.StrEnum):
    """What somebody is in a course. Who has none of these has no enrolment."""

    PUPIL = "pupil"
    TEACHER = "teacher"


class EnrolmentSource(enum.StrEnum):
    """Where we know an enrolment from."""

    LAUNCH = "launch"
    ROSTER = "roster"


class RosterState(enum.StrEnum):
    """How the last reading of a course's roster went."""

    NEVER = "never"
    READ = "read"
    FAILED = "failed"


class CopyDecision(enum.StrEnum):
    """What a teacher chose for a course that is a copy of another one."""

    OPEN = "open"
    TAKEN_OVER = "taken_over"
    DECLINED = "declined"


class Course(Base, kw_only=True):
    """LTI: a context. Hangs on the registration, so a reinstalled tool finds it again."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("registration_id", "context_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    context_id: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    history: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """Context ids this course was copied from, newest first (LTI: `$Context.id.history`)."""
    copy_decision: Mapped[CopyDecision] = mapped_column(
        one_of(CopyDecision, "copy_decision"), default=CopyDecision.OPEN
    )
    address: Mapped[str] = mapped_column(Text, default="")
    """Its page in the LMS, or the LMS's front page, as launches told; "" when nothing is known."""
    memberships_url: Mapped[str] = mapped_column(Text, default="")
    """Where the roster is read (Names and Roles); "" when the platform offers none."""
    lineitems_url: Mapped[str] = mapped_column(Text, default="")
    grade_scopes: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    roster_state: Mapped[RosterState] = mapped_column(
        one_of(RosterState, "roster_state"), default=RosterState.NEVER
    )
    roster_reason: Mapped[str] = mapped_column(Text, default="")
    """One word for the page and the log when the last reading failed."""
    roster_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """Set while a reading waits for the worker or is going on."""
    roster_again_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When a reading that failed is tried again by itself."""
    roster_tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    roster_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When the roster was last read whole and applied."""

    registration: Mapped[Registration] = relationship(init=False)


class Person(Base, kw_only=True):
    """Somebody on one platform. Names and nothing else: no birth date, no number.

    An e-mail address has a table of its own, `MailAddress`, for schools that mail.
    """

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("registration_id", "sub"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    sub: Mapped[str] = mapped_column(Text)
    """LTI: the subject, opaque and stable within the platform."""
    name: Mapped[str] = mapped_column(Text)
    """"" when the platform keeps names to itself; `Enrolment.name` has a label then."""
    given_name: Mapped[str] = mapped_column(Text)
    family_name: Mapped[str] = mapped_column(Text, default="")
    test_user: Mapped[bool] = mapped_column(default=False)
    """Canvas' Student View, or a test user: kept apart from the class, and can be wiped."""
    local_key: Mapped[str] = mapped_column(Text, default_factory=new_local_key)
    """Random, base64: encrypts the unsent drafts this person's browser keeps."""
    language: Mapped[Language | None] = mapped_column(one_of(Language, "language"), default=None)
    """Chosen at the foot of a page; goes before what a launch says."""
    guide_one_by_one: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A teacher's choice: the guide shows one question at a time."""
    guide_keys: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether single keys do something in the guide (WCAG 2.1.4: they can be turned off)."""
    guide_clock: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether the guide shows how long the conversation takes."""


class Enrolment(Base, kw_only=True):
    """A person in a course; every record of a conversation hangs on one of these."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id"),
        Index("ix_enrolment_course_id_role", "course_id", "role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    source: Mapped[EnrolmentSource] = mapped_column(one_of(EnrolmentSource, "source"))
    sections: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """Names or ids of the sections (Canvas) this person is in."""
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """The last launch; None for who is known from the roster only."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """Set when they left the course: no access from then on, and retention counts from here."""

    person: Mapped[Person] = relationship(init=False, lazy="raise_on_sql")
    course: Mapped[Course] = relationship(init=False, lazy="raise_on_sql")

    @property
    def name(self) -> str:
        """The person's name, or a neutral label when the platform keeps names to itself."""
        return self.person.name or self._label

    @property
    def given_name(self) -> str:
        """The first name, or the same label."""
        return self.person.given_name or self._label

    @property
    def _label(self) -> str:
        return nameless(self.role, self.person_id)

    @property
    def active(self) -> bool:
        """Whether this person belongs to the course now."""
        return self.ended_at is None


def nameless(role: Role, person_id: int) -> str:
    """What somebody is called whose platform keeps names to itself."""
    if role is Role.TEACHER:
        return _("Docent %(number)s", number=person_id)
    return _("Leerling %(number)s", number=person_id)

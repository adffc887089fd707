"""Rounds, the conversation of one pupil in a round, its preparations and its written fields."""

import enum
import secrets
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.models.base import (
    Base,
    EncryptedText,
    UtcDateTime,
    Visibility,
    now,
    one_of,
)
from lti_tool.models.course import Course, Enrolment
from lti_tool.models.school_year import this_school_year


class State(enum.StrEnum):
    """How far a conversation is."""

    PLANNED = "planned"
    POSTPONED = "postponed"
    ABSENT = "absent"
    STARTED = "started"
    CLOSED = "closed"


BEFORE_START = frozenset({State.PLANNED, State.POSTPONED, State.ABSENT})


class Purpose(enum.StrEnum):
    """The teacher's choice vb-t1a: beoordeling vs. begeleiding."""

    GUIDANCE = "guidance"
    ASSESSMENT = "assessment"
    BOTH = "both"


class Scope(enum.StrEnum):
    """The teacher's choice vb-t1b: loopbaan vs. studieloopbaan."""

    CAREER = "career"
    STUDY_CAREER = "study_career"
    BOTH = "both"


class Agreed(enum.StrEnum):
    """The answer to gd-v03: are we agreed on the goals?"""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Chair(enum.StrEnum):
    """Who leads the conversation (af-p1)."""

    PUPIL = "pupil"
    TEACHER = "teacher"


def new_round_key() -> str:
    """128 random bits, safe in an address."""
    return secrets.token_urlsafe(16)


class Round(Base, kw_only=True):
    """A series of conversations of one course: an LTI resource link, or made by the teacher."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("course_id", "resource_link_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    title: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text, unique=True, default_factory=new_round_key)
    """Our own name for it in a deep link's `custom`: survives a copy of the course."""
    copied_from_key: Mapped[str | None] = mapped_column(Text, default=None)
    """The round this one came in the place of, in the course this one is a copy of or in an earlier
    school year of this course. A link that still carries that key leads here."""
    period: Mapped[str] = mapped_column(Text, default="")
    """As the teacher calls it: "najaar 2026"."""
    resource_link_id: Mapped[str | None] = mapped_column(Text, default=None)
    due_on: Mapped[date | None] = mapped_column(Date, default=None)
    """The day before which pupils are asked to send their preparation."""
    form_questions: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """Keys of the optional questions the teacher added to the pupil's form."""
    without_internship: Mapped[bool] = mapped_column(default=False)
    """These pupils have no internship: the guide leaves questions about it out."""
    reports_preparation: Mapped[bool] = mapped_column(default=False)
    """Whether a sent preparation is reported to the gradebook as completed (1 of 1)."""
    lineitem_url: Mapped[str] = mapped_column(Text, default="")
    """The gradebook column of this activity; "" when there is none (yet)."""
    offers_times: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether a teacher offered times for it: else no page of a pupil asks for any."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    school_year: Mapped[int] = mapped_column(default_factory=this_school_year)
    """2026 for 2026-2027: a course that is reset and used again keeps its years apart by it."""

    course: Mapped[Course] = relationship(init=False, lazy="raise_on_sql")
    questions: Mapped[list["RoundQuestion"]] = relationship(
        init=False, order_by="RoundQuestion.id", default_factory=list
    )
    """Comes along with the conversation or round; after a commit it is loaded once more."""

    @property
    def name(self) -> str:
        """The title with its period, as lists and the LMS show it."""
        if not self.period or self.period.lower() in self.title.lower():
            return self.title
        return f"{self.title} ({self.period})"


class RoundQuestion(Base, kw_only=True):
    """A question of the teacher's own on the round's form; its answer's key is `prep.own-<id>`.

    A row is never removed, and its wording stands once somebody answered it: another wording is
    another row. So an answer always stands under the words it was given to.
    """

    __tablename__ = "round_question"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    text: Mapped[str] = mapped_column(EncryptedText)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """Set when it was taken off the form."""
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.SHARED), default=Visibility.SHARED
    )


class Conversation(Base, kw_only=True):
    """One pupil, one round, at least one teacher, others by role."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("pupil_id", "round_id"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_moment"),
        CheckConstraint("state != 'started' OR started_at IS NOT NULL", name="started_has_moment"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    pupil_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    teacher_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"), default=None)
    """Who holds it; known from the start of the conversation."""
    instrument_version: Mapped[str] = mapped_column(Text)
    state: Mapped[State] = mapped_column(one_of(State, "state"), default=State.PLANNED)
    planned_for: Mapped[date | None] = mapped_column(Date, default=None)
    purpose: Mapped[Purpose | None] = mapped_column(one_of(Purpose, "purpose"), default=None)
    scope: Mapped[Scope | None] = mapped_column(one_of(Scope, "scope"), default=None)
    agreed: Mapped[Agreed | None] = mapped_column(one_of(Agreed, "agreed"), default=None)
    chair: Mapped[Chair] = mapped_column(one_of(Chair, "chair"), default=Chair.TEACHER)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    reflected_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When its teacher was done looking back, or skipped it; shown to nobody else."""

    pupil: Mapped[Enrolment] = relationship(
        init=False, lazy="raise_on_sql", foreign_keys="Conversation.pupil_id"
    )
    teacher: Mapped[Enrolment | None] = relationship(
        init=False, lazy="raise_on_sql", foreign_keys="Conversation.teacher_id"
    )
    round: Mapped[Round] = relationship(init=False, lazy="raise_on_sql")

    @property
    def held_at(self) -> datetime:
        """When it was closed; of one that was broken off (the pupil left), when it began."""
        return self.closed_at or self.started_at or self.created_at


class Preparation(Base, kw_only=True):
    """One person's preparation of one conversation; its answers are entries.

    What is written is a draft of the writer. Sending copies the drafts into shared entries, so a
    later change stays with the writer until it is sent again.
    """

    __tablename__ = "preparation"
    __table_args__ = (UniqueConstraint("conversation_id", "owner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)
    at_step: Mapped[str] = mapped_column(Text, default="")
    """The page of the pupil's form to go on at: after the last that was saved; "" for the first."""
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When it was last sent (pupil) or marked ready (teacher)."""
    read_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When the teacher ticked that the previous conversation was read (T6)."""


OF_ENTRIES = tuple(one for one in Visibility if one is not Visibility.SCHOOL_INSTRUMENT)
"""A field of a conversation is about a pupil, so it is never shared with a whole school."""


class Entry(Base, kw_only=True):
    """One written field of a conversation; `lti_tool/fields.py` lists the keys."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("conversation_id", "owner_id", "key", "visibility"),
        Index("ix_entry_conversation_id_visibility", "conversation_id", "visibility"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    """Whose record it is: the pupil's for all that is shared, else its writer's."""
    key: Mapped[str] = mapped_column(Text)
    visibility: Mapped[Visibility] = mapped_column(one_of(Visibility, "visibility", *OF_ENTRIES))
    text: Mapped[str] = mapped_column(EncryptedText)
    revision: Mapped[int] = mapped_column(default=1)
    """Grows by one with each write; a write that names an older one is refused."""
    written_by_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)


class Party(enum.StrEnum):
    """Who can be at the table and own an agreement (af-i1)."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    WORKPLACE = "workplace"
    """The praktijkopleider."""
    OTHER = "other"


class Participant(Base, kw_only=True):
    """Somebody beside pupil and teacher: present, or named as a party. By role, name optional."""

    __tablename__ = "participant"
    __table_args__ = (CheckConstraint("party IN ('workplace', 'other')", name="beside_the_two"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    party: Mapped[Party] = mapped_column(one_of(Party, "party"))
    description: Mapped[str] = mapped_column(EncryptedText, default="")
    """For example "praktijkopleider bij de bakkerij"."""
    present: Mapped[bool] = mapped_column(default=True)
    visibility: Mapped[Visibility] = mapped_column(
        one_of(Visibility, "visibility", Visibility.SHARED), default=Visibility.SHARED
    )

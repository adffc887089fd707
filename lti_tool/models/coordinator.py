"""Who coordinates: sees how far classes are in counts, and never a conversation."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lti_tool.models.base import Base, UtcDateTime, now, one_of
from lti_tool.models.course import Course, Person


class Reach(enum.StrEnum):
    """Of what somebody sees the counts."""

    SCHOOL = "school"
    """Of every class of the platform they launch from."""
    COURSE = "course"
    """Of one class; of several there are several rows."""


class Coordinator(Base, kw_only=True):
    """An appointment by the administrator, valid until it is withdrawn.

    The reach stands beside the course, so that a row that loses its course can never become one
    for the whole school.
    """

    __tablename__ = "coordinator"
    __table_args__ = (
        CheckConstraint("(reach = 'school') = (course_id IS NULL)", name="reach_is_clear"),
        UniqueConstraint("person_id", "course_id"),
        Index(
            "uq_coordinator_of_the_school",
            "person_id",
            unique=True,
            sqlite_where=text("course_id IS NULL"),
            postgresql_where=text("course_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reach: Mapped[Reach] = mapped_column(one_of(Reach, "reach"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"), default=None)
    appointed_at: Mapped[datetime] = mapped_column(UtcDateTime, default_factory=now)

    person: Mapped[Person] = relationship(init=False, lazy="raise_on_sql")
    course: Mapped[Course | None] = relationship(init=False, lazy="raise_on_sql")

"""Who belongs to a course in this school year, and whose earlier conversations a teacher reads.

A course is often reset and used again by the next class. The roster then says who left. Where no
roster was read this school year, only those who opened the tool this year are known to belong.
"""

from sqlalchemy import ColumnElement, and_, or_

from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    Round,
    school_year_of,
    start_of_school_year,
    this_school_year,
)
from lti_tool.who_asks import CourseFacts, EnrolmentFacts


def belongs_now(
    course: Course | CourseFacts, who: type[Enrolment] = Enrolment
) -> ColumnElement[bool]:
    """For a query over `Enrolment`: those who are known to be in the course this year.

    `who` is an alias of it where the query holds other enrolments too.
    """
    start = start_of_school_year(this_school_year())
    stays = who.ended_at.is_(None)
    if course.roster_read_at is not None and course.roster_read_at >= start:
        return stays
    return and_(stays, or_(who.seen_at >= start, who.first_seen_at >= start))


def readable_by(teacher: Enrolment | EnrolmentFacts) -> ColumnElement[bool]:
    """For a query over `Conversation`, its `Round` and the pupil's `Enrolment`.

    Of pupils who did not leave the course: a teacher reads the conversations of the school years
    since they came, those they held themselves, and the earlier ones of pupils who are known to be
    still here. Who left takes all of it along (`handover.py`).
    """
    return and_(
        Enrolment.ended_at.is_(None),
        or_(
            Round.school_year >= school_year_of(teacher.first_seen_at),
            Conversation.teacher_id == teacher.id,
            belongs_now(teacher.course),
        ),
    )

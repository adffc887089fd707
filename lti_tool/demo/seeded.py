"""The courses of the invented school (`lti_tool/seed`), as the LMS would have them."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lti_tool.demo.courses import LmsCourse
from lti_tool.demo.school import Activity, LmsPerson, LmsRole
from lti_tool.models import Course, Enrolment, Role, Round, db
from lti_tool.seed.school import MARK


def seeded_courses(registration_id: int, administrators: Iterable[LmsPerson]) -> list[LmsCourse]:
    """Every sown course of a registration, with who is in it now and an activity per round."""
    courses = db.session.scalars(
        select(Course)
        .where(Course.registration_id == registration_id, Course.context_id.startswith(MARK))
        .order_by(Course.id)
    )
    return [_course(one, tuple(administrators)) for one in courses]


def _course(course: Course, administrators: tuple[LmsPerson, ...]) -> LmsCourse:
    enrolled = db.session.scalars(
        select(Enrolment)
        .where(Enrolment.course_id == course.id, Enrolment.ended_at.is_(None))
        .options(joinedload(Enrolment.person))
        .order_by(Enrolment.id)
    )
    rounds = db.session.scalars(
        select(Round)
        .where(Round.course_id == course.id, Round.resource_link_id.startswith(MARK))
        .order_by(Round.id)
    )
    return LmsCourse(
        id=course.context_id,
        title=course.title,
        activities=tuple(
            Activity(
                id=str(one.resource_link_id),
                title=one.title,
                graded=False,
                custom={"lob_round": one.key},
            )
            for one in rounds
        ),
        people=(*(_person(one) for one in enrolled), *administrators),
    )


def _person(enrolment: Enrolment) -> LmsPerson:
    person = enrolment.person
    role: LmsRole = "mentor" if enrolment.role is Role.TEACHER else "pupil"
    return LmsPerson(person.sub, person.given_name, person.family_name, role)

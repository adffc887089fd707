"""The administrator appoints coordinators among the teachers, and withdraws them."""

from collections.abc import Sequence
from typing import NamedTuple

import structlog
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import contains_eager
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.forms import Posted
from lti_tool.models import Coordinator, Course, Enrolment, Person, Reach, Role, db, nameless
from lti_tool.names import folded
from lti_tool.numbers import whole_number

log = structlog.get_logger("coordination")
appointing = Blueprint("appointing", __name__, url_prefix="/s/<session_id>/coordinators")

MOST_FOUND, LONGEST_NAME = 50, 100


class Appointed(NamedTuple):
    """One coordinator, and of what."""

    person: Person
    name: str
    courses: list[str]
    """Titles; empty for the whole school."""


@appointing.get("/")
@requires(Right.ADMINISTRATION)
def page() -> str:
    """Who is appointed, and the teachers one can choose from."""
    return _page("")


@appointing.post("/")
@requires(Right.ADMINISTRATION)
def search() -> str:
    """The same, with the teachers of a name: posted, for a name belongs in no address."""
    return _page(request.form.get("name", "").strip()[:LONGEST_NAME])


def _page(wanted: str) -> str:
    found = _teachers(wanted)
    return render_template(
        "coordination/appointing.html",
        appointed=_appointed(),
        wanted=wanted,
        found=[(one.id, _name(one)) for one in found[:MOST_FOUND]],
        more=len(found) > MOST_FOUND,
    )


@appointing.get("/<int:person_id>")
@requires(Right.ADMINISTRATION)
def choose(person_id: int) -> Response:
    """Of what this teacher is to see the counts."""
    person = _teacher(person_id)
    rows = _rows(person)
    reach = Reach.SCHOOL if any(one.course_id is None for one in rows) else None
    chosen = {one.course_id for one in rows if one.course_id is not None}
    if chosen and reach is None:
        reach = Reach.COURSE
    return _form(person, reach, chosen, Posted(), 200)


@appointing.post("/<int:person_id>")
@requires(Right.ADMINISTRATION)
def appoint(person_id: int) -> Response:
    """Keep the choice in the place of the former one."""
    person, posted = _teacher(person_id), Posted()
    reach = posted.choice("reach", Reach, required=_("Kies van welke klassen."))
    known = {one.id for one in _courses()}
    chosen = known & {whole_number(one) for one in request.form.getlist("course")}
    if reach is Reach.COURSE and not chosen:
        posted.errors.append(("course", _("Kies minstens één klas.")))
    if posted.errors or reach is None:
        return _form(person, reach, chosen, posted, 422)
    _withdraw(person)
    courses: Sequence[int | None] = [None] if reach is Reach.SCHOOL else sorted(chosen)
    db.session.add_all(
        Coordinator(person_id=person.id, reach=reach, course_id=one) for one in courses
    )
    db.session.commit()
    log.info(
        "appointed",
        person=person_id,
        reach=reach,
        courses=[one for one in courses if one],
        registration=visit().session.registration_id,
    )
    return redirect(url_for("appointing.page"), 303)


@appointing.post("/<int:person_id>/withdraw")
@requires(Right.ADMINISTRATION)
def withdraw(person_id: int) -> Response:
    """From the next page on this person sees no counts; twice does nothing more."""
    withdrawn = _withdraw(_teacher(person_id))
    db.session.commit()
    if withdrawn:
        log.info("withdrawn", person=person_id, registration=visit().session.registration_id)
    return redirect(url_for("appointing.page"), 303)


def _withdraw(person: Person) -> bool:
    """Whether there was anything to withdraw."""
    rows = db.session.scalars(
        delete(Coordinator).where(Coordinator.person_id == person.id).returning(Coordinator.id)
    ).all()
    return bool(rows)


def _form(
    person: Person, reach: Reach | None, chosen: set[int], posted: Posted, status: int
) -> Response:
    page_ = render_template(
        "coordination/appoint.html",
        person=person,
        name=_name(person),
        reach=reach,
        classes=[(one.id, one.title) for one in _courses()],
        chosen=chosen,
        posted=posted,
        errors=posted.errors,
    )
    return make_response(page_, status)


def _name(person: Person) -> str:
    return person.name or nameless(Role.TEACHER, person.id)


def _courses() -> Sequence[Course]:
    """The classes of this platform."""
    registration_id = visit().session.registration_id
    return db.session.scalars(
        select(Course)
        .where(Course.registration_id == registration_id)
        .order_by(Course.title, Course.id)
    ).all()


def _teaches() -> ColumnElement[bool]:
    """For a query over `Person`: teaches a class of this platform now."""
    return and_(
        Person.registration_id == visit().session.registration_id,
        Person.test_user.is_(False),
        exists(
            select(Enrolment.id).where(
                Enrolment.person_id == Person.id,
                Enrolment.role == Role.TEACHER,
                Enrolment.ended_at.is_(None),
            )
        ),
    )


def _teachers(wanted: str) -> Sequence[Person]:
    """By name; one more than is shown, to know whether there are more."""
    query = select(Person).where(_teaches()).order_by(Person.name, Person.id)
    if not wanted:
        return db.session.scalars(query.limit(MOST_FOUND + 1)).all()
    found = [one for one in db.session.scalars(query) if folded(wanted) in folded(one.name)]
    return found[: MOST_FOUND + 1]


def _teacher(person_id: int) -> Person:
    """A teacher of this platform, or who was appointed as one; else NotFound."""
    is_appointed = exists(select(Coordinator.id).where(Coordinator.person_id == Person.id))
    here = Person.registration_id == visit().session.registration_id
    person = db.session.scalars(
        select(Person).where(Person.id == person_id, here, or_(_teaches(), is_appointed))
    ).one_or_none()
    if person is None:
        raise NotFound("no_such_teacher")
    return person


def _rows(person: Person) -> Sequence[Coordinator]:
    return db.session.scalars(select(Coordinator).where(Coordinator.person_id == person.id)).all()


def _appointed() -> list[Appointed]:
    """All coordinators of this platform, by name."""
    rows = db.session.scalars(
        select(Coordinator)
        .join(Coordinator.person)
        .outerjoin(Coordinator.course)
        .where(Person.registration_id == visit().session.registration_id)
        .options(contains_eager(Coordinator.person), contains_eager(Coordinator.course))
        .order_by(Person.name, Person.id, Course.title)
    )
    found: dict[int, Appointed] = {}
    for row in rows:
        one = found.setdefault(row.person_id, Appointed(row.person, _name(row.person), []))
        if row.course is not None:
            one.courses.append(row.course.title)
    return list(found.values())

"""Moments in a course, each with the people who look: where a walk over all pages begins."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from flask import Flask
from sqlalchemy import func, select, update

from lti_tool.models import OfferedTime, Role, db, now
from tests.support.activities import MIRIAM, NOOR, arrive, opening
from tests.support.deep_linking import REQUEST
from tests.support.deep_linking import visit as visit_deep_linking
from tests.support.launches import load, platform_for
from tests.support.school import School, Visitor
from tests.support.talk import Talk, hold_talk
from tests.support.times import book, offer, times
from tests.support.years import first_year, next_year

LONG_NAME = "Maximiliaan-Alexander van den Oudenrijn-Wolkenstein tot Nederhorst"
UNBROKEN_NAME = "Chiara Donaudampfschifffahrtsgesellschaftskapitän"


@dataclass(frozen=True)
class Look:
    """Somebody who looks, from the page they land on."""

    who: str
    visitor: Visitor
    begin: str = "/"


def new_talk(app: Flask) -> Talk:
    """Noor and her mentor, in a first round."""
    school = School(app)
    return hold_talk(school, school.teacher(), school.pupil())


def nothing_yet(app: Flask) -> Iterator[Look]:
    """A course without a round, and without anybody."""
    school = School(app)
    yield Look("mentor", school.visit(school.teacher()))
    yield Look("pupil", school.visit(school.pupil()))
    yield Look("administrator", school.administrator())


def preparing(app: Flask) -> Iterator[Look]:
    """Noor has begun her form, her mentor prepares."""
    talk = new_talk(app)
    write_goal(talk, "preparation/goal", talk.noor)
    write_goal(talk, "prepare/", talk.mentor)
    yield from both(talk)


def prepared(app: Flask) -> Iterator[Look]:
    """Noor has sent her form."""
    talk = new_talk(app)
    write_goal(talk, "preparation/goal", talk.noor)
    talk.do("preparation/topic", talk.noor, **{"prep.vb-v02": "Mijn stage"})
    page = talk.post("preparation/check", talk.noor).text
    assert "Je voorbereiding is verstuurd" in page, page
    yield from both(talk)
    yield Look("pupil, just now", talk.noor, f"/conversations/{talk.id}/preparation/sent")


def planning(app: Flask) -> Iterator[Look]:
    """Times were offered: Noor has one today, then another, Sem can still choose."""
    school = School(app)
    sem = school.pupil("Sem Yilmaz")
    talk = hold_talk(school, school.teacher(), school.pupil())
    assert offer(talk).status_code == 200
    assert book(talk, times(school)[0].id).status_code == 200
    with app.app_context():  # the first is today
        begins = now().replace(microsecond=0)
        first = select(func.min(OfferedTime.id)).scalar_subquery()
        db.session.execute(
            update(OfferedTime).where(OfferedTime.id == first).values(starts_at=begins)
        )
        db.session.commit()
    yield Look("mentor, today", talk.mentor)
    yield Look("pupil, today", talk.noor)
    talk.mentor.do(f"/rounds/{talk.round_id}/times/for/{talk.id}", {"time": times(school)[1].id})
    yield from both(talk)
    yield Look("pupil, choosing", school.visit(sem))


def talking(app: Flask) -> Iterator[Look]:
    """Half-way a conversation in which everything was written down that can be."""
    talk = new_talk(app)
    fill(talk)
    yield from both(talk)


def pupil_leads(app: Flask) -> Iterator[Look]:
    """The same, with the pupil in the chair."""
    talk = new_talk(app)
    fill(talk)
    talk.do("guide/chair", chair="pupil", phase="doel")
    yield from both(talk)


def a_next_round(app: Flask) -> Iterator[Look]:
    """One conversation is closed, with open ends, and the next is being prepared."""
    talk = new_talk(app)
    fill(talk)
    talk.agree()
    talk.agree_by_a_day()
    talk.close()
    following = talk.next()
    yield from both(following)
    yield Look("mentor, looking back", talk.mentor, f"/conversations/{talk.id}/")
    yield Look("pupil, looking back", talk.noor, f"/conversations/{talk.id}/")


def a_next_mentor(app: Flask) -> Iterator[Look]:
    """A year later, in another course: one conversation is passed on."""
    school = School(app)
    talk = hold_talk(school, school.teacher(), school.pupil())
    years = next_year(school, first_year(talk))
    yield Look("pupil, asked", years.noor)
    years.pass_on(years.first)
    yield Look("mentor", years.piet)
    yield Look("pupil", years.noor)


def a_full_class(app: Flask) -> Iterator[Look]:
    """Thirty-five pupils, two with a very long name; with one the conversation was held."""
    school = School(app)
    for number in range(33):
        school.pupil(f"Leerling{number} Voorbeeld")
    held = school.pupil(UNBROKEN_NAME)
    talk = hold_talk(school, school.teacher(LONG_NAME), school.pupil(LONG_NAME))
    other = replace(talk, pupil_id=held, id=school.conversation(held, talk.round_id))
    other.start()
    other.agree()
    other.close()
    yield Look("mentor", talk.mentor)
    yield Look("pupil", talk.noor)


def coordinating(app: Flask) -> Iterator[Look]:
    """A coordinator of a school with a class of six and one of two."""
    school = School(app)
    for number in range(6):
        school.pupil(f"Leerling{number} Voorbeeld")
    school.round()
    small = school.course("Kleine klas")
    for name in ("Sam Klein", "Bo Klein"):
        school.enrol(name, Role.PUPIL, small)
    school.round("Najaar", small)
    coordinator = school.teacher("Yara Decaan")
    school.appoint(coordinator)
    yield Look("coordinator", school.visit(coordinator))
    yield Look("administrator", school.administrator(), "/coordinators/")


def adding_an_activity(app: Flask) -> Iterator[Look]:
    """A teacher who adds an activity from the LMS."""
    platform = platform_for(app, REQUEST)
    yield Look("mentor", visit_deep_linking(platform, REQUEST), "/deep-link/")


def a_copied_course(app: Flask) -> Iterator[Look]:
    """A course that was copied from one with a round."""
    platform = platform_for(app, load("valid", "moodle-teacher"))
    arrive(platform, opening(MIRIAM)).do("/rounds/new", {"title": "Najaar", "period": "2026"})
    yield Look("mentor", arrive(platform, opening(MIRIAM, course="3", history="2")))
    yield Look("pupil", arrive(platform, opening(NOOR, course="3", history="2")))


STORIES: list[Callable[[Flask], Iterator[Look]]] = [
    nothing_yet,
    preparing,
    prepared,
    planning,
    talking,
    pupil_leads,
    a_next_round,
    a_next_mentor,
    a_full_class,
    coordinating,
    adding_an_activity,
    a_copied_course,
]


def both(talk: Talk) -> Iterator[Look]:
    """The mentor and the pupil."""
    yield Look("mentor", talk.mentor)
    yield Look("pupil", talk.noor)


def write_goal(talk: Talk, path: str, who: Visitor) -> None:
    """Write a goal in a preparation."""
    page = talk.post(path, who, **{"prep.vb-v01": "Weten of zorg bij mij past"})
    assert page.status_code == 200


def fill(talk: Talk) -> None:
    """Begin a conversation and write down one of everything."""
    talk.start()
    talk.do("guide/goals", goal="Weten of zorg bij mij past", owner="pupil")
    talk.do("guide/goals", goal="Horen over de stage", owner="teacher")
    talk.do("guide/experiences", experience="Een dag op de groep", brought_by="pupil")
    outcomes = [("kwaliteiten", "named", "Ik blijf rustig"), ("motieven", "doubt", "Drukte")]
    for phase, kind, outcome in outcomes:
        talk.do(f"guide/{phase}/outcomes", kind=kind, outcome=outcome)
    talk.do("guide/werk", conclusion__werk="Iets met mensen", note__werk="Kort over gehad")
    talk.agree("teacher", "De stagebegeleider bellen")
    assert "Ik blijf rustig" in talk.get("guide/kwaliteiten").text

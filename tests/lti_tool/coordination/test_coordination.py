"""A coordinator sees counts of the classes the administrator chose, until that is withdrawn."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from structlog.testing import capture_logs

from lti_tool.coordination.counts import SMALLEST
from lti_tool.erasure import erase_people
from lti_tool.models import (
    Conversation,
    Coordinator,
    Course,
    Enrolment,
    Person,
    Preparation,
    Reach,
    Role,
    Round,
    State,
    db,
    now,
    this_school_year,
)
from tests.support.school import School, Visitor
from tests.support.statements import counted

PAGE, FILE, APPOINTING = "/coordination/", "/coordination/table.csv", "/coordinators/"


@pytest.fixture
def decaan(school: School) -> int:
    """A teacher of the course; not appointed yet."""
    return school.teacher("Yara Decaan")


def fill(school: School, size: int, *, sent: int = 0, held: int = 0, title: str = "") -> int:
    """A class of so many with a round of which some are ahead; return the course."""
    course = school.course(title) if title else school.course_id
    pupils = [school.enrol(f"Leerling{one} Geheim", Role.PUPIL, course) for one in range(size)]
    round_id = school.round("Najaar", course)
    with school.app.app_context():
        for number, pupil in enumerate(pupils):
            talk = db.session.scalars(
                select(Conversation).where(
                    Conversation.pupil_id == pupil, Conversation.round_id == round_id
                )
            ).one()
            if number < sent:
                db.session.add(
                    Preparation(conversation_id=talk.id, owner_id=pupil, shared_at=now())
                )
            if number < held:
                talk.state, talk.started_at, talk.closed_at = State.CLOSED, now(), now()
        db.session.commit()
    return course


def rows(visitor: Visitor, query: str = "") -> list[list[str]]:
    """The file, as a spreadsheet reads it."""
    answer = visitor.get(FILE + query)
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=";"))


def test_counts_per_class_and_round_and_their_sum(school: School, decaan: int) -> None:
    fill(school, 7, sent=5, held=2)
    fill(school, 6, sent=6, held=6, title="Mentorklas 3C")
    fill(school, SMALLEST - 1, sent=3, held=1, title="Kleine klas")
    school.appoint(decaan)
    visitor = school.visit(decaan)
    assert ">Overzicht</a>" in visitor.get("/rounds/").text
    page = visitor.get(PAGE).text
    for text in ("5 van 7", "2 van 7", "6 van 6", "11 van 13", "8 van 13", "Kleine klas"):
        assert text in page
    assert f"Minder dan {SMALLEST} leerlingen: geen aantallen." in page
    assert "Geheim" not in page
    for text in ("Leerlingen in deze ronde</th>", "Alle rondes samen</th>"):
        assert text in page
    assert rows(visitor)[0][2] == "Leerlingen in deze ronde"
    assert rows(visitor)[1:] == [
        ["Kleine klas", "Najaar", f"minder dan {SMALLEST}", "", ""],
        ["Mentorklas 3B", "Najaar", "7", "5", "2"],
        ["Mentorklas 3C", "Najaar", "6", "6", "6"],
        ["Alle rondes samen", "", "13", "11", "8"],
    ]


def test_only_the_chosen_classes(school: School, decaan: int) -> None:
    fill(school, 5)
    mine = fill(school, 6, title="Mentorklas 3C")
    school.appoint(decaan, mine)
    page = school.visit(decaan).get(PAGE).text
    assert "Mentorklas 3C" in page
    assert "Najaar" in page
    assert [line[0] for line in rows(school.visit(decaan))[1:]] == [
        "Mentorklas 3C",
        "Alle rondes samen",
    ]


def test_nobody_else_has_the_page(school: School, decaan: int) -> None:
    others = [
        school.visit(school.teacher("Andere Docent")),
        school.visit(school.pupil()),
        school.administrator(),
    ]
    school.appoint(decaan)
    for visitor in others:
        for path in (PAGE, FILE):
            assert visitor.get(path).status_code == 403
        assert ">Overzicht</a>" not in visitor.get("/").text
    for visitor in (school.visit(decaan), *others[:2]):
        assert visitor.get(APPOINTING).status_code == 403
        assert visitor.post(f"{APPOINTING}1", {"reach": "school"}).status_code == 403


def test_withdrawn_is_gone_at_once(school: School, decaan: int) -> None:
    school.appoint(decaan)
    visitor = school.visit(decaan)
    assert visitor.get(PAGE).status_code == 200
    for _twice in range(2):
        path = f"{APPOINTING}{school.person_of(decaan)}/withdraw"
        assert "Nog niemand." in school.administrator().post(path).text
    assert visitor.get(PAGE).status_code == 403


def test_who_was_appointed_stands_in_the_log(school: School, decaan: int) -> None:
    person, mine = school.person_of(decaan), fill(school, 5, title="Mentorklas 3C")
    with capture_logs() as lines:
        school.administrator().do(f"{APPOINTING}{person}", {"reach": "course", "course": str(mine)})
        school.administrator().do(f"{APPOINTING}{person}/withdraw")
    here = {"person": person, "registration": school.registration_id, "log_level": "info"}
    assert [one for one in lines if "person" in one] == [
        {"event": "appointed", "reach": "course", "courses": [mine], **here},
        {"event": "withdrawn", **here},
    ]


def test_who_is_no_teacher_any_more_sees_nothing(school: School, decaan: int) -> None:
    school.appoint(decaan)
    visitor = school.visit(decaan)
    with school.app.app_context():
        db.session.get_one(Enrolment, decaan).role = Role.PUPIL
        db.session.commit()
    assert visitor.get(PAGE).status_code == 403


def test_a_form_that_says_nothing_is_shown_again(school: School, decaan: int) -> None:
    administrator, person = school.administrator(), school.person_of(decaan)
    for posted, message in (
        ({}, "Kies van welke klassen."),
        ({"reach": "everything"}, "Kies van welke klassen."),
        ({"reach": "course"}, "Kies minstens één klas."),
        ({"reach": "course", "course": ["999", "x"]}, "Kies minstens één klas."),
    ):
        page = administrator.post(f"{APPOINTING}{person}", posted)
        assert page.status_code == 422
        assert message in page.text
    assert administrator.post(f"{APPOINTING}{school.person_of(school.pupil())}").status_code == 404
    with school.app.app_context():
        assert db.session.scalars(select(Coordinator)).all() == []


def test_a_new_choice_takes_the_place_of_the_former(school: School, decaan: int) -> None:
    mine = fill(school, 5, title="Mentorklas 3C")
    school.appoint(decaan)
    school.appoint(decaan, mine)
    page = school.administrator().get(APPOINTING).text
    assert "Mentorklas 3C" in page
    form = school.administrator().get(f"{APPOINTING}{school.person_of(decaan)}").text
    assert form.count(" checked") == 2
    school.appoint(decaan)
    assert "De hele school" in school.administrator().get(APPOINTING).text


@pytest.mark.parametrize("name", ["émile", "ÉMILE zola", "e\u0301mile"])
def test_an_accent_is_found_with_capitals_or_without(school: School, name: str) -> None:
    school.teacher("Émile Zola")
    school.teacher("Ilse Smit")
    page = school.administrator().post(APPOINTING, {"name": name}).text
    assert "Émile Zola" in page
    assert "Ilse Smit" not in page


def test_teachers_are_found_by_name_and_only_of_this_school(school: School, decaan: int) -> None:
    pages = [
        school.administrator().post(APPOINTING, {"name": name}).text for name in ("yara", "100%")
    ]
    assert "Yara Decaan" in pages[0]
    assert "Geen docent met “100%” in de naam." in pages[1]
    school.pupil("Yara Leerling")
    assert "Yara Leerling" not in school.administrator().post(APPOINTING, {"name": "yara"}).text
    with school.app.app_context():
        db.session.get_one(Enrolment, decaan).ended_at = now()
        db.session.commit()
    assert "Yara Decaan" not in school.administrator().get(APPOINTING).text


def test_another_school_year(school: School, decaan: int) -> None:
    fill(school, 5, sent=4)
    with school.app.app_context():
        year = this_school_year() - 1
        db.session.execute(update(Round).values(school_year=year))
        # They left in the summer: that year they were there.
        db.session.execute(
            update(Enrolment).where(Enrolment.role == Role.PUPIL).values(ended_at=now())
        )
        db.session.commit()
    school.appoint(decaan)
    visitor = school.visit(decaan)
    page = visitor.get(PAGE).text
    assert "Nog geen aantallen" in page
    assert f"{year}-{year + 1}" in page
    assert "4 van 5" in visitor.get(f"{PAGE}?year={year}").text
    assert rows(visitor, f"?year={year}")[-1] == ["Alle rondes samen", "", "5", "4", "0"]
    for junk in ("x", "0", "99999999999", "-1"):
        assert visitor.get(f"{PAGE}?year={junk}").status_code == 200


def test_who_left_this_year_and_test_users_are_not_counted(school: School, decaan: int) -> None:
    fill(school, 7)
    with school.app.app_context():
        gone, testing = db.session.scalars(
            select(Enrolment).where(Enrolment.role == Role.PUPIL).limit(2)
        ).all()
        gone.ended_at = now() - timedelta(minutes=1)
        db.session.get_one(Person, testing.person_id).test_user = True
        db.session.commit()
    school.appoint(decaan)
    assert rows(school.visit(decaan))[-1] == ["Alle rondes samen", "", "5", "0", "0"]


@pytest.mark.parametrize("title", ["=1+1", " =1+1", "+31", "-3B", "@SUM(A1)", "\tx"])
def test_a_class_with_a_strange_name_is_no_formula(school: School, decaan: int, title: str) -> None:
    fill(school, 5, title=title)
    school.appoint(decaan)
    assert rows(school.visit(decaan))[1][0] == f"'{title}"


def test_as_many_statements_for_one_class_as_for_many(
    app: Flask, school: School, decaan: int
) -> None:
    school.appoint(decaan)
    visitor = school.visit(decaan)
    fill(school, 5)
    with counted(app) as few:
        visitor.get(PAGE)
    for number in range(4):
        fill(school, 5, title=f"Klas {number}")
    with counted(app) as many:
        visitor.get(PAGE)
    assert len(few) == len(many) == 3


def test_an_appointment_goes_with_the_person(school: School, decaan: int) -> None:
    school.appoint(decaan)
    with school.app.app_context():
        erase_people([school.person_of(decaan)])
        db.session.commit()
        assert db.session.scalars(select(Coordinator)).all() == []


def test_one_class_never_becomes_the_whole_school(school: School, decaan: int) -> None:
    """Not even in a row that loses its course."""
    mine = fill(school, 5, title="Mentorklas 3C")
    school.appoint(decaan, mine)
    with school.app.app_context(), pytest.raises(IntegrityError, match="reach_is_clear"):
        db.session.execute(update(Coordinator).values(course_id=None))
    with school.app.app_context():
        assert db.session.scalars(select(Coordinator.reach)).all() == [Reach.COURSE]
        assert db.session.get(Course, mine)

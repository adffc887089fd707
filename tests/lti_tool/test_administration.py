"""The administrator's page: the connection in green and red, counts, and no content."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.lti.claims import CONTEXT, CUSTOM, PRESENTATION, ROLES
from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    EnrolmentSource,
    Outbox,
    Person,
    Registration,
    Role,
    RosterState,
    Task,
    db,
    now,
)
from tests.support.launches import Platform, load, platform_for
from tests.support.school import School, Visitor

ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


@pytest.fixture
def moodle(app: Flask) -> Platform:
    return platform_for(app, load("valid", "moodle-admin"))


def line(page: str, title: str) -> str:
    """The row of one check, as words."""
    row = re.search(rf'<th scope="row">{title}</th>(.*?)</tr>', page, re.DOTALL)
    assert row, title
    return " ".join(re.sub(r"<[^>]+>", " ", row[1]).split())


def test_a_good_connection_is_green(app: Flask, moodle: Platform) -> None:
    page = moodle.launch(app.test_client(), load("valid", "moodle-admin"), follow_redirects=True)
    for title in ("Handtekening", "Klok", "Deployment", "Klassenlijst", "Onthouden wie je bent"):
        assert line(page.text, title).startswith("Goed"), title
    assert "De koppeling werkt" in page.text
    assert "vragen aandacht" not in page.text
    assert 'href="http://localhost:8080' in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 0


def test_what_is_wrong_is_said_with_what_to_do(app: Flask, moodle: Platform) -> None:
    data = load("valid", "moodle-admin")
    claims = {CUSTOM: {"context_history": "$Context.id.history"}}
    slow = {**data, "set": claims, "remove": [ROSTER, "name", "given_name", "family_name"]}
    slow["seconds"] = {"iat": -40, "exp": 20}
    with app.app_context():
        course = Course(
            registration_id=db.session.scalars(select(Registration.id)).one(),
            context_id="9",
            title="Klas",
        )
        course.roster_state, course.roster_reason = RosterState.FAILED, "forbidden"
        db.session.add(course)
        db.session.add(
            Outbox(task=Task.READ_ROSTER, record_id=1, due_at=now() - timedelta(hours=1))
        )
        db.session.commit()
    page = moodle.launch(app.test_client(), slow, follow_redirects=True)
    assert line(page.text, "Klok").startswith("Let op De klok van de leeromgeving scheelt 4")
    assert "“Altijd”" in line(page.text, "Namen")
    assert line(page.text, "Klassenlijst").startswith("Niet goed")
    assert "context_history" in line(page.text, "Variabelen")
    assert "loopbaangesprek worker" in line(page.text, "Achtergrondtaken")
    assert "3 onderdelen werken niet" in page.text
    order = re.findall(r'<th scope="row">([^<]+)</th>', page.text)
    assert order.index("Klassenlijst") < order.index("Klok") < order.index("Handtekening")


def test_moodles_small_frame_is_warned_of(app: Flask, moodle: Platform) -> None:
    data = load("valid", "moodle-admin")
    for target, begin in (("iframe", "Let op"), ("window", "Goed")):
        launch = {**data, "set": {PRESENTATION: {"document_target": target}}}
        page = moodle.launch(app.test_client(), launch, follow_redirects=True)
        assert line(page.text, "Venster").startswith(begin)
        assert ("New window" in page.text) == (target == "iframe")
    canvas = load("valid", "canvas-admin")
    launch = {**canvas, "set": {PRESENTATION: {"document_target": "iframe"}}}
    page = platform_for(app, canvas).launch(app.test_client(), launch, follow_redirects=True)
    assert line(page.text, "Venster").startswith("Goed")


def test_an_administrator_sees_no_course_unless_the_roster_lists_them(
    app: Flask, moodle: Platform
) -> None:
    data = load("valid", "moodle-admin")
    moodle.launch(app.test_client(), load("valid", "moodle-student"))
    client = app.test_client()
    page = moodle.launch(client, data, follow_redirects=True)
    root = "/".join(page.request.path.split("/")[:3])
    assert client.get(root + "/rounds/1").status_code == 403
    assert client.get(root + "/conversations/1/").status_code == 403
    assert client.get(root + "/work").status_code == 403
    with app.app_context():
        registration_id = db.session.scalars(select(Registration.id)).one()
        person = Person(
            registration_id=registration_id, sub=data["claims"]["sub"], name="", given_name=""
        )
        db.session.add(person)
        db.session.flush()
        db.session.add(
            Enrolment(
                person_id=person.id,
                course_id=db.session.scalars(select(Course.id)).one(),
                role=Role.TEACHER,
                source=EnrolmentSource.ROSTER,
            )
        )
        db.session.commit()
    client = app.test_client()
    page = moodle.launch(client, data, follow_redirects=True)
    assert "Zelfcontrole" in page.text
    root = "/".join(page.request.path.split("/")[:3])
    assert "Sam Student" in client.get(root + "/work", follow_redirects=True).text
    asks = load("valid", "moodle-deep-linking")
    as_admin = {key: data["claims"][key] for key in ("sub", ROLES, CONTEXT)}
    page = moodle.launch(app.test_client(), {**asks, "set": as_admin}, follow_redirects=True)
    assert "Welk gesprek komt in de cursus?" in page.text


def test_test_users_are_kept_apart_and_can_be_wiped(app: Flask, moodle: Platform) -> None:
    student = load("valid", "moodle-student")
    roles = "https://purl.imsglobal.org/spec/lti/claim/roles"
    test_roles = [
        *student["claims"][roles],
        "http://purl.imsglobal.org/vocab/lti/system/person#TestUser",
    ]
    moodle.launch(app.test_client(), student, follow_redirects=True)
    moodle.launch(
        app.test_client(),
        {**student, "set": {"sub": "test-1", "name": "Test Student", roles: test_roles}},
        follow_redirects=True,
    )
    page = moodle.launch(app.test_client(), load("valid", "moodle-teacher"), follow_redirects=True)
    assert "Voorbereiding verstuurd: 0 van 1." in page.text
    assert "Testgebruiker" in page.text
    client = app.test_client()
    page = moodle.launch(client, load("valid", "moodle-admin"), follow_redirects=True)
    assert "van 1 testgebruiker," in page.text
    csrf_token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    root = "/".join(page.request.path.split("/")[:3])
    page = client.post(
        root + "/administration/test-users", data={"csrf_token": csrf_token}, follow_redirects=True
    )
    assert "Er staan geen gegevens van testgebruikers" in page.text
    with app.app_context():
        names = db.session.scalars(select(Person.name)).all()
        assert "Test Student" not in names
        assert "Sam Student" in names
        assert db.session.scalar(select(func.count()).select_from(Conversation)) == 1


def test_a_pupil_and_a_teacher_are_refused(school: School) -> None:
    for visitor in (school.visit(school.pupil()), school.visit(school.teacher())):
        assert isinstance(visitor, Visitor)
        assert visitor.get("/administration/").status_code == 403


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800b"])
def test_an_odd_name_of_a_variable_is_shown_without_what_no_page_can_hold(
    app: Flask, moodle: Platform, name: str
) -> None:
    data = {**load("valid", "moodle-admin"), "set": {CUSTOM: {name: "$x"}}}
    page = moodle.launch(app.test_client(), data, follow_redirects=True)
    assert page.status_code == 200
    assert "ab" in line(page.text, "Variabelen")

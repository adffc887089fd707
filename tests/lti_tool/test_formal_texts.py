"""The administrator chooses "je" or "u" for teachers, once for the school."""

from datetime import timedelta
from html import unescape

import pytest
from flask import Flask, g
from flask_babel import gettext, ngettext, refresh

from lti_tool.formal_texts import formal_texts
from lti_tool.models import Language, LaunchSession, SchoolWords, db, now
from lti_tool.models.school import Address
from lti_tool.school_words import Words
from lti_tool.sessions import Opened, begin_pending
from tests.lti_tool.test_english_pages import said_on
from tests.lti_tool.test_school_words import FORM
from tests.support.formal import FORMAL, choose
from tests.support.school import School
from tests.support.statements import counted
from tests.support.talk import Talk

WORDS = {**FORM, "pupil": "leerling", "teacher": "mentor", "conversation": "loopbaangesprek"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Wat je nu kunt doen", "Wat u nu kunt doen"),
        ("Opgezocht voor jezelf", "Opgezocht voor uzelf"),
        ("Vragen van je mentor", "Vragen van je mentor"),
        ("Opslaan", "Opslaan"),
        ("Geen tekst van ons, dus blijft je staan", "Geen tekst van ons, dus blijft je staan"),
    ],
)
def test_a_text_has_its_other_form_or_stays(written: str, said: str) -> None:
    assert formal_texts().gettext(written) == said


def test_plurals_variables_and_the_schools_words(app: Flask) -> None:
    with app.test_request_context():
        g.formal, g.school_words = True, Words(pupil="student")
        refresh()
        one, more = "Het gesprek gaat naar je cursus", "De gesprekken gaan naar je cursus"
        assert ngettext(one, more, 1) == "Het gesprek gaat naar uw cursus"
        assert ngettext(one, more, 2) == "De gesprekken gaan naar uw cursus"
        written = "Is %(name)s voorzitter, dan staat er niets van jou alleen op het scherm."
        said = "Is Jouw je voorzitter, dan staat er niets van u alleen op het scherm."
        assert gettext(written, name="Jouw je") == said
        written = "Zo heet het gesprek voor je leerlingen, bijvoorbeeld Loopbaangesprek."
        assert gettext(written).startswith("Zo heet het gesprek voor uw studenten, ")
        g.language = Language.ENGLISH
        refresh()
        assert gettext("Wat je nu kunt doen") == "What you can do now"


def test_the_administrator_chooses_it_for_everybody_but_pupils(school: School) -> None:
    pupil, teacher = school.visit(school.pupil()), school.visit(school.teacher())
    keeper = school.administrator()
    page = keeper.get("/school-words/").text
    assert "Iedereen van jullie school" in page
    assert [' value="je" checked' in " ".join(page.split()), "“u”" in page] == [True, True]
    pupils_page = said_on(pupil.get())
    page = keeper.post("/school-words/", {**WORDS, "to_teachers": "u"}).text
    assert "Iedereen van uw school" in page
    assert ' value="u" checked' in " ".join(page.split())
    assert "Alle leerlingen van deze ronde lezen uw vraag" in teacher.get("/rounds/new").text
    assert "Uw tekst blijft hier staan" in unescape(teacher.get("/rounds/new").text)
    assert not FORMAL.search(" ".join([*pupils_page, *said_on(pupil.get())]))

    keeper.do("/school-words/", WORDS)
    assert "Alle leerlingen van deze ronde lezen je vraag" in teacher.get("/rounds/new").text
    assert "Je tekst blijft hier staan" in unescape(teacher.get("/rounds/new").text)


@pytest.mark.parametrize("junk", ["jij", "", "U"])
def test_another_form_is_refused_and_the_rest_stays_as_chosen(school: School, junk: str) -> None:
    keeper = school.administrator()
    page = keeper.post("/school-words/", {**WORDS, "pupil": "student", "to_teachers": junk})
    assert page.status_code == 422
    assert "Kies “je” of “u”." in page.text
    assert 'value="student" checked' in " ".join(page.text.split())
    with school.app.app_context():
        assert db.session.get(SchoolWords, school.registration_id) is None


def test_another_words_error_keeps_the_choice(school: School) -> None:
    page = school.administrator().post(
        "/school-words/", {**WORDS, "teacher": "coach", "to_teachers": "u"}
    )
    assert page.status_code == 422
    assert 'value="u" checked' in " ".join(page.text.split())


def test_errors_and_refused_forms_say_it_too(app: Flask, school: School) -> None:
    teacher, pupil = school.visit(school.teacher()), school.visit(school.pupil())
    choose(app)
    assert "Deze pagina is niet voor u" in teacher.get("/administration/").text
    assert "Deze pagina is niet voor jou" in pupil.get("/administration/").text
    assert "Ga terug naar uw eigen pagina" in teacher.get("/conversations/99/").text
    page = teacher.post("/bank/doel/questions/gd-v01", {"text": ""})
    assert page.status_code == 422
    assert "Schrijf uw vraag op." in page.text


def test_the_end_of_a_session_says_it_too(app: Flask, talk: Talk) -> None:
    choose(app)
    with app.app_context():
        db.session.execute(db.update(LaunchSession).values(seen_at=now() - timedelta(days=1)))
        db.session.commit()
    assert "Uw sessie is afgelopen" in talk.mentor.get().text
    assert "Je sessie is afgelopen" in talk.noor.get().text


def test_the_page_before_a_session_in_a_new_tab_says_it_too(app: Flask, school: School) -> None:
    enrolled = {"teacher": school.teacher(), "pupil": school.pupil(), "administrator": None}
    choose(app)
    said = {}
    for who, enrolment_id in enrolled.items():
        opened = Opened(
            registration_id=school.registration_id,
            enrolment_id=enrolment_id,
            facts=None if enrolment_id else {"deployment_id": "1"},
            return_url="",
        )
        with app.app_context():
            code = begin_pending(opened, who)
            db.session.commit()
        said[who] = app.test_client().get(f"/lti/new-tab/{code}").text
    assert "U opent dit als Miriam de Wit in" in said["teacher"]
    assert "U opent dit als beheerder" in said["administrator"]
    assert "Je opent dit als Noor Bakker in" in said["pupil"]


def test_a_mail_to_pupils_stays_as_it_is_on_the_teachers_page(app: Flask, talk: Talk) -> None:
    choose(app)
    page = " ".join(talk.mentor.get(f"/rounds/{talk.round_id}/mail/invitation").text.split())
    assert "U vraagt uw leerlingen zich voor te bereiden." in page
    assert "Binnenkort heb je een loopbaangesprek met" in page


def test_it_costs_no_statement(app: Flask, talk: Talk) -> None:
    path = f"/conversations/{talk.id}/"
    choose(app, Address.JE)
    talk.mentor.get(path)
    with counted(app) as familiar:
        assert "Uw sessie" not in talk.mentor.get(path).text
    choose(app)
    with counted(app) as formal:
        assert "Uw sessie" in talk.mentor.get(path).text
    assert len(formal) == len(familiar)

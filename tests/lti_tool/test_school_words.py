"""The school's own words: on everybody's pages, never in what people wrote."""

from html import unescape

import pytest
from flask import Flask

from lti_tool.models import Course, Registration, Role, SchoolWords, db
from lti_tool.models.school import PupilWord, TeacherWord
from lti_tool.school_words import Words, in_words
from tests.support.school import School

CHOSEN = {
    "pupil": "student",
    "teacher": "slb'er",
    "workplace": "stagebegeleider",
    "conversation": "ontwikkelgesprek",
}
SLBER = "slb'er"
FORM = {**CHOSEN, "to_teachers": "je"}


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("De leerlingen en je mentor", "De studenten en je slb'er"),
        ("Mentor", "Slb'er"),
        ("Leerling %(number)s", "Student %(number)s"),
        ("mentorles, leerlingenraad, mentor-uur", "mentorles, leerlingenraad, mentor-uur"),
        ("%(mentor)s", "%(mentor)s"),
        ("`loopbaangesprek worker`", "`loopbaangesprek worker`"),
        ("Loopbaangesprek", "Loopbaangesprek"),
        ("loopbaangesprekken van praktijkopleiders", "ontwikkelgesprekken van stagebegeleiders"),
    ],
)
def test_whole_words_are_replaced(written: str, said: str) -> None:
    assert in_words(written, Words(*CHOSEN.values())) == said


def test_the_administrator_sets_them_for_everybody(school: School) -> None:
    pupil, teacher = school.pupil("Noor mentor"), school.teacher()
    round_id = school.round("Gesprek met je mentor")
    keeper = school.administrator()
    assert "Woorden van de school" in keeper.get("/administration/").text
    assert "leerlingen en docenten" in keeper.get("/administration/").text
    answer = keeper.client.post(
        f"{keeper.root}/school-words/", data={"csrf_token": keeper.csrf_token(), **FORM}
    )
    assert answer.status_code == 303
    assert "studenten en docenten" in keeper.get("/administration/").text

    page = school.visit(teacher).get(f"/rounds/{round_id}/edit").text
    assert "Studenten vullen in vóór" in page
    assert "Leerling" not in page
    assert "Gesprek met je mentor" in page
    assert "Open het ontwikkelgesprek opnieuw" in unescape(page)  # what scripts say

    conversation_id = school.conversation(pupil, round_id)
    page = school.visit(pupil).get(f"/conversations/{conversation_id}").text
    assert SLBER in unescape(page)
    assert "Gesprek met je mentor" in page


def test_a_word_that_is_no_choice_is_refused(school: School) -> None:
    keeper = school.administrator()
    answer = keeper.post("/school-words/", {**FORM, "teacher": "coach"})
    assert answer.status_code == 422
    assert "Kies een woord." in answer.text
    with school.app.app_context():
        assert db.session.get(SchoolWords, school.registration_id) is None


def test_a_new_round_begins_without_internship(school: School) -> None:
    teacher = school.visit(school.teacher())
    before = " ".join(teacher.get("/rounds/new").text.split())
    school.administrator().do("/school-words/", FORM)
    after = " ".join(teacher.get("/rounds/new").text.split())
    assert after.count(" checked") == before.count(" checked") + 1


def test_another_school_keeps_its_own_words(app: Flask, school: School) -> None:
    with app.app_context():
        other = Registration(
            issuer="https://other.example",
            client_id="2",
            auth_login_url="https://other.example/a",
            auth_token_url="https://other.example/t",
            jwks_url="https://other.example/j",
        )
        db.session.add(other)
        db.session.flush()
        db.session.add(
            SchoolWords(
                registration_id=other.id, pupil=PupilWord.STUDENT, teacher=TeacherWord.DOCENT
            )
        )
        db.session.add(Course(registration_id=other.id, context_id="9", title="Elders"))
        db.session.commit()
    page = school.visit(school.enrol("Miriam de Wit", Role.TEACHER)).get("/rounds/new").text
    assert "Leerlingen vullen in vóór" in page
    assert "tudent" not in page


def test_a_docent_is_one_of_the_docenten(school: School) -> None:
    """Who reads along is said in words that stay right when the mentor is a docent."""
    noor = school.pupil()
    round_id = school.round()
    words = {**FORM, "teacher": "docent", "pupil": "leerling"}
    school.administrator().do("/school-words/", words)
    path = f"/conversations/{school.conversation(noor, round_id)}"
    pupil = school.visit(noor, round_id)
    page = pupil.get(f"{path}/preparation/goal").text
    assert "Daarna lezen je docent en de andere docenten van deze cursus het mee." in page
    pupil.do(f"{path}/preparation/goal", {"prep.vb-v01": "Weten of zorg past"})
    pupil.do(f"{path}/preparation/topic", {"prep.vb-v02": "Mijn stage"})
    page = pupil.post(f"{path}/preparation/check").text
    assert "Je docent en de andere docenten van deze cursus lezen dit." in page
    page = pupil.get(f"{path}/").text
    assert "De leerling, de docent en de andere docenten van deze cursus." in page

"""The next mentor, in another course, reads the shared parts once they are passed on (V9)."""

import pytest
from flask import Flask
from sqlalchemy import delete, select

from lti_tool.models import (
    AccessLog,
    Act,
    Agreement,
    Outcome,
    Preparation,
    Role,
    Settled,
    Visibility,
    db,
)
from tests.support.school import School
from tests.support.statements import counted
from tests.support.talk import Talk, hold_talk
from tests.support.years import NOT_SHARED, SHARED, NextYear, first_year, next_year

TITLE = "Geef je eerdere gesprekken door aan je mentor in Mentorklas 4A"


@pytest.fixture
def years(school: School, talk: Talk) -> NextYear:
    """The first conversation is held; Noor is in Piet's course now, and left the old one."""
    made = next_year(school, first_year(talk))
    school.leave(talk.pupil_id)
    return made


def set_by_school(school: School, who: str) -> None:
    assert school.administrator().post("/who-passes-on/", {"who": who}).status_code == 200


def piets_pages(years: NextYear) -> dict[str, str]:
    """Everything the new mentor can open about Noor."""
    here, old = f"/conversations/{years.talk.id}", f"/conversations/{years.first.id}"
    paths = {
        "round": f"/rounds/{years.talk.round_id}",
        "timeline": f"/pupils/{years.talk.pupil_id}",
        "preparation": f"{here}/prepare/",
        "agreements": f"{here}/agreements/",
        "earlier": f"{old}/",
    }
    if "Begin het gesprek" not in years.piet.get(f"{here}/prepare/").text:
        for phase in ("voorbereiding", "doel", "kwaliteiten", "motieven", "werk", "reflectie"):
            paths[phase] = f"{here}/guide/{phase}"
        paths["closing"] = f"{here}/closing/"
    return {name: years.piet.get(path).text for name, path in paths.items()}


def log_of(app: Flask, enrolment_id: int) -> list[tuple[int, Act]]:
    with app.app_context():
        rows = db.session.execute(
            select(AccessLog.conversation_id, AccessLog.act)
            .where(AccessLog.enrolment_id == enrolment_id)
            .order_by(AccessLog.id)
        )
        return list(rows.tuples())


@pytest.mark.row("V9")
def test_mentor_change(app: Flask, years: NextYear) -> None:
    """Nothing before; the shared parts after the pupil passed them on; nothing once taken back."""
    old = f"/conversations/{years.first.id}/"
    assert years.piet.get(old).status_code == 404
    for name, page in piets_pages(years).items():
        for text in SHARED:
            assert text not in page, name

    page = years.noor.get("/passing-on/").text
    assert f"<h1>{TITLE}" in page
    assert "met Miriam de Wit in Mentorklas 3B" in page
    assert "Niet: privé-aantekeningen" in page
    assert "Niet doorgegeven" in years.noor.get("/mine").text
    years.pass_on(years.first)
    assert ">Doorgegeven<" in years.noor.get("/mine").text
    pages = piets_pages(years)
    for text in SHARED:
        assert text in pages["timeline"], text
    for text in ("Een middag meelopen", "Of ik druk werk wil", "Hoe het meelopen was"):
        assert text in pages["preparation"], text
    assert "Alleen om te lezen" in pages["earlier"]
    assert "Een middag meelopen" in pages["earlier"]
    assert (years.first.id, Act.VIEWED) in log_of(app, years.talk.teacher_id)

    years.pass_on()
    assert years.piet.get(old).status_code == 404
    for name, page in piets_pages(years).items():
        for text in SHARED:
            assert text not in page, name
    acts = [act for _id, act in log_of(app, years.talk.pupil_id) if act is not Act.VIEWED]
    assert acts == [Act.PASSED_ON, Act.TAKEN_BACK]


@pytest.mark.parametrize("page", ["agreements/", "closing/", "guide/doel", "prepare/"])
def test_whoever_reads_along_stands_in_the_log(app: Flask, years: NextYear, page: str) -> None:
    years.pass_on(years.first)
    if page != "prepare/":
        years.talk.start()
    with app.app_context():
        db.session.execute(delete(AccessLog))  # what the way to the page wrote
        db.session.commit()
    years.talk.get(page)
    assert (years.first.id, Act.VIEWED) in log_of(app, years.talk.teacher_id)


@pytest.mark.row("V9")
@pytest.mark.parametrize("who", ["pupil", "school"])
def test_no_other_level_travels(school: School, years: NextYear, who: str) -> None:
    """Walks every level: what is not shared is on no page of the next mentor, nor the pupil's."""
    years.pass_on(years.first)
    set_by_school(school, who)
    before = piets_pages(years)
    years.talk.start()
    pages = {**before, **{f"{name} (later)": page for name, page in piets_pages(years).items()}}
    assert len(pages) > 12
    for name, page in pages.items():
        for level, text in NOT_SHARED.items():
            assert text not in page, (name, level)
    old = years.noor.get(f"/conversations/{years.first.id}/").text
    for level, text in NOT_SHARED.items():
        assert text not in old, level


def test_every_level_has_a_text_in_that_walk() -> None:
    assert len(NOT_SHARED) >= len(set(Visibility) - {Visibility.SHARED})


@pytest.mark.row("V9")
def test_the_next_mentor_reads_and_does_not_write(years: NextYear) -> None:
    years.pass_on(years.first)
    old = f"/conversations/{years.first.id}"
    for path in ("/guide/doel", "/prepare/", "/closing/", "/agreements/", "/live"):
        assert years.piet.get(old + path).status_code == 404, path
    for path in ("/", "/closing/reopen", "/guide/reflectie", "/guide/start", "/prepare/"):
        assert years.piet.post(old + path).status_code == 404, path
    page = years.piet.get(old + "/").text
    for word in ("Heropenen", "<textarea", "Terugkijken op mijn eigen rol", "Gedaan</button>"):
        assert word not in page


@pytest.mark.row("V2", "V8")
def test_what_is_open_comes_back_in_the_new_course_until_people_close_it(years: NextYear) -> None:
    years.pass_on(years.first)
    agreement = next(one for one in years.first.rows(Agreement) if one.party == "pupil")
    (doubt,) = [one for one in years.first.rows(Outcome) if one.kind == "doubt"]
    talk = years.talk
    look_back = talk.get("preparation/", talk.noor).text
    assert "Een middag meelopen" in look_back
    assert "Of ik druk werk wil" in look_back
    talk.start()
    at_its_phase = talk.get("guide/motieven").text
    carried = at_its_phase.split('id="carried"')[1].split("</div>")[0]
    assert "Of ik druk werk wil" in carried
    assert "Of ik druk werk wil" not in talk.get("guide/kwaliteiten").text
    talk.do(f"guide/outcomes/{doubt.id}", action="done", phase="motieven")
    talk.do(f"agreements/{agreement.id}/settle", settled="not_done")
    assert "Een middag meelopen" not in talk.get("agreements/").text
    assert 'id="carried"' in (after := talk.get("guide/motieven").text)
    assert "Vorige keer nog een twijfel" not in after
    kept = next(one for one in years.first.rows(Agreement) if one.id == agreement.id)
    assert (kept.settled, kept.settled_by_id) == (Settled.NOT_DONE, talk.teacher_id)
    assert "Mentor, " in years.piet.get(f"/pupils/{talk.pupil_id}").text


@pytest.mark.row("V4", "F8")
def test_the_last_topic_stands_in_the_form_of_the_new_course_once_passed_on(
    years: NextYear,
) -> None:
    assert "Hoe het meelopen was" not in years.talk.get("preparation/topic", years.noor).text
    years.pass_on(years.first)
    assert "Hoe het meelopen was" in years.talk.get("preparation/topic", years.noor).text


def test_a_pupil_sees_and_settles_their_own_across_courses(years: NextYear) -> None:
    mine = years.noor.get("/mine").text
    assert "Mijn gesprekken in andere cursussen" in mine
    assert "Een middag meelopen" in mine
    assert TITLE in mine
    timeline = years.noor.get("/mine/timeline").text
    for text in SHARED:
        assert text in timeline, text
    agreement = next(one for one in years.first.rows(Agreement) if one.party == "pupil")
    settle = f"/conversations/{years.talk.id}/agreements/{agreement.id}/settle"
    assert years.noor.post(settle, {"settled": "done", "back": "mine"}).status_code == 200
    assert "Jij, " in years.noor.get("/mine/timeline").text
    assert years.noor.post(f"/conversations/{years.first.id}/").status_code == 404


def test_the_preparation_offers_it_once(years: NextYear) -> None:
    first = years.talk.get("preparation/", years.noor).text
    assert "Je had al eerder gesprekken" in first
    assert "Je had al eerder gesprekken" not in years.talk.get("preparation/topic", years.noor).text
    page = years.noor.post(
        "/passing-on/", {"shown": years.first.id, "action": "later", "back": years.talk.id}
    ).text
    assert "Wat is voor jou het doel van het gesprek?" in page
    assert "Je had al eerder gesprekken" not in page
    assert years.piet.get(f"/conversations/{years.first.id}/").status_code == 404
    assert "Welke gesprekken geef je door?" in years.noor.get("/passing-on/").text
    years.pass_on(years.first)
    assert years.piet.get(f"/conversations/{years.first.id}/").status_code == 200


def test_a_pupil_chooses_some_of_them(school: School, talk: Talk) -> None:
    first = first_year(talk)
    second = first.next()
    second.start()
    second.close()
    years = next_year(school, first)
    years.pass_on(second, shown=(first, second))
    assert years.piet.get(f"/conversations/{second.id}/").status_code == 200
    assert years.piet.get(f"/conversations/{first.id}/").status_code == 404
    assert "Een middag meelopen" not in years.talk.get("prepare/").text
    old = school.visit(first.pupil_id)
    assert "Ook de docenten van Mentorklas 4A" in old.get(f"/conversations/{second.id}/").text
    assert "Ook de docenten" not in old.get(f"/conversations/{first.id}/").text


def test_nobody_passes_on_what_is_not_their_own(school: School, years: NextYear) -> None:
    sem = school.enrol("Sem Yilmaz", Role.PUPIL, years.course_id)
    visitor = school.visit(sem)
    assert "geen gesprekken in een andere cursus" in visitor.get("/passing-on/").text
    number = years.first.id
    visitor.do("/passing-on/", {"shown": number, "pass": number})
    years.noor.do("/passing-on/", {"shown": "x", "pass": ["x", number, "9" * 30]})
    assert years.piet.get(f"/conversations/{number}/").status_code == 404
    assert years.piet.get("/passing-on/").status_code == 403


@pytest.mark.row("V9")
def test_the_school_passes_on_when_it_set_so(school: School, years: NextYear) -> None:
    old = f"/conversations/{years.first.id}/"
    assert "Gesprekken doorgeven" in school.administrator().get("/administration/").text
    set_by_school(school, "school")
    assert years.piet.get(old).status_code == 200
    assert "Een middag meelopen" in years.talk.get("prepare/").text
    told = "Jullie school geeft gesprekken door"
    assert told in years.noor.get("/mine").text
    assert told in years.noor.get("/passing-on/").text
    assert told in years.noor.get(old).text
    step = years.talk.get("preparation/", years.noor).text
    assert "Je had al eerder gesprekken" not in step
    assert "die zijn doorgegeven" in step
    set_by_school(school, "pupil")
    assert years.piet.get(old).status_code == 404
    assert "Een middag meelopen" not in years.talk.get("prepare/").text


def test_the_school_passes_nothing_on_where_the_pupil_has_no_conversations(
    school: School, years: NextYear
) -> None:
    set_by_school(school, "school")
    elsewhere = school.course("Wiskunde")
    school.also(years.first.pupil_id, elsewhere)
    teacher = school.visit(school.enrol("Wim Wiskunde", Role.TEACHER, elsewhere))
    assert teacher.get(f"/conversations/{years.first.id}/").status_code == 404


def test_the_words_of_the_school_keep_that_setting(school: School, years: NextYear) -> None:
    set_by_school(school, "school")
    words = ("leerling", "docent", "praktijkopleider", "loopbaangesprek", "u")
    names = ("pupil", "teacher", "workplace", "conversation", "to_teachers")
    school.administrator().do("/school-words/", dict(zip(names, words, strict=True)))
    assert years.piet.get(f"/conversations/{years.first.id}/").status_code == 200
    page = school.administrator().post("/who-passes-on/", {"who": "everybody"})
    assert page.status_code == 422
    assert "Kies wie gesprekken doorgeeft" in page.text


@pytest.mark.parametrize("path", ["prepare/", "preparation/goal"])
def test_the_number_of_statements_does_not_grow_with_what_came_along(
    app: Flask, school: School, talk: Talk, path: str
) -> None:
    def statements(number: int) -> int:
        conversations = [talk]
        while len(conversations) < number:
            conversations.append(conversations[-1].next())
        for one in conversations:
            if one is not talk or number == 1:
                one.start()
                one.close()
        years = next_year(school, talk, f"Klas {number}")
        years.pass_on(*conversations, shown=tuple(conversations))
        who = years.noor if path.startswith("preparation") else years.piet
        round_page = f"/rounds/{years.talk.round_id}"
        years.talk.get(path, who)
        years.piet.get(round_page)
        with counted(app) as found:
            years.talk.get(path, who)
            years.piet.get(round_page)
        return len(found)

    assert statements(1) == statements(3)


def test_the_first_page_asks_for_history_and_offer_in_one_statement_where_there_are_any(
    app: Flask, school: School, years: NextYear
) -> None:
    sem = school.enrol("Sem Yilmaz", Role.PUPIL, years.course_id)
    fresh = hold_talk(school, years.talk.teacher_id, sem, years.course_id)

    def statements(one: Talk) -> int:
        one.get("preparation/", one.noor)
        with counted(app) as found:
            one.get("preparation/goal", one.noor)
        return len(found)

    assert statements(fresh) == 3
    assert statements(years.talk) == 4, "the one that finds the history also finds the offer"


def test_the_course_page_counts_open_agreements_that_came_along(years: NextYear) -> None:
    page = f"/rounds/{years.talk.round_id}"
    assert "1 open" not in years.piet.get(page).text
    years.pass_on(years.first)
    assert "1 open" in years.piet.get(page).text


def test_a_later_launch_opens_on_looking_back_too(years: NextYear) -> None:
    years.pass_on(years.first)
    assert "<h1>Terugkijken" in years.talk.get("preparation/", years.noor).text
    assert [one.at_step for one in years.talk.rows(Preparation)] == ["look-back"]
    years.pass_on()
    page = years.talk.get("preparation/look-back", years.noor).text
    assert "Wat is voor jou het doel van het gesprek?" in page

"""What both see while they talk: asked all the time, answered only when something is new."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from instrument import load
from lti_tool.models import LaunchSession, db, now
from tests.support.statements import counted
from tests.support.talk import Talk

pytestmark = pytest.mark.row("G41")

OWN = {
    "remark": "Mijn opmerking bij deze fase",
    "private": "Mijn privé-notitie",
    "question": "Mijn eigen voorbeeldvraag?",
    "lookup": "Opgezocht voor mezelf",
}


def mark(page: str) -> str:
    found = re.search(r"/live\?version=(\w+)", page)
    assert found
    return found[1]


def test_unchanged_is_answered_with_nothing_in_few_statements(talk: Talk) -> None:
    talk.start()
    talk.agree()
    version = mark(talk.get("", talk.noor).text)
    with counted(talk.school.app) as few:
        page = talk.get(f"live?version={version}", talk.noor)
    assert (page.status_code, page.text) == (204, "")
    again = talk.noor.get(
        f"/conversations/{talk.id}/live", headers={"If-None-Match": f'"{version}"'}
    )
    assert (again.status_code, again.text) == (304, "")
    talk.agree(what="Nog een")
    with counted(talk.school.app) as whole:
        assert talk.get(f"live?version={version}", talk.noor).status_code == 200
    assert len(few) < len(whole)
    assert len(few) <= 5


def test_everything_the_mentor_writes_appears(talk: Talk) -> None:
    talk.start()
    version = mark(talk.get("", talk.noor).text)
    writes: list[tuple[str, dict[str, object], str]] = [
        ("guide/goals", {"goal": "Weten wat ik wil", "owner": "pupil"}, "Weten wat ik wil"),
        ("guide/experiences", {"experience": "De stage", "brought_by": "pupil"}, "De stage"),
        ("guide/werk/outcomes", {"kind": "named", "outcome": "Buiten"}, "Buiten"),
        ("agreements/new", {"party": "pupil", "kind": "action", "what": "Bellen"}, "Bellen"),
        ("guide/werk", {"conclusion.werk": "Iets met dieren"}, "Iets met dieren"),
    ]
    for path, fields, text in writes:
        talk.do(path, **fields)
        page = talk.get(f"live?version={version}", talk.noor)
        assert page.status_code == 200, path
        assert text in page.text
        version = mark(page.text)
        assert page.headers["ETag"] == f'"{version}"'
    talk.do("guide/werk", **{"private.werk": "Alleen voor mij"})
    assert talk.get(f"live?version={version}", talk.noor).status_code == 204


def test_after_closing_it_stops_asking_and_offers_the_agreements(talk: Talk) -> None:
    talk.start()
    version = mark(talk.get("", talk.noor).text)
    assert "Vernieuwen" in talk.get("", talk.noor).text
    talk.agree(party="pupil", what="Een middag meelopen")
    talk.close()
    page = talk.get(f"live?version={version}", talk.noor).text
    assert "Het gesprek is afgesloten" in page
    assert "Een middag meelopen" in page
    assert "hx-trigger" not in page
    assert "hx-trigger" not in talk.get("", talk.noor).text


@pytest.mark.parametrize("phase", [one.key for one in load().phases])
def test_with_the_pupil_in_the_chair_nothing_of_the_mentor_alone_is_shown(
    talk: Talk, phase: str
) -> None:
    shown = load().phase_by_key[phase]
    group = shown.groups[0].key if shown.groups and shown.step != "before" else ""
    talk.start()
    talk.do(f"guide/{phase}", **{f"private.{phase}": OWN["private"]})
    talk.do("guide/voorbereiding", **{"private.lookup": OWN["lookup"]})
    talk.do(f"guide/{phase}/remark", **{f"remark.{phase}": OWN["remark"]})
    if group:
        field = {"group": group, f"question-{group}": OWN["question"]}
        talk.do(f"guide/{phase}/questions", **field)
    before = talk.get(f"guide/{phase}").text
    assert (OWN["private"] in before) == (phase != "reflectie")  # has a page of its own
    assert not group or OWN["question"] in before
    talk.do("guide/chair", chair="pupil")
    page = talk.get(f"guide/{phase}").text
    for text in OWN.values():
        assert text not in page
    assert ("Dit kun je zeggen:" in page) == (phase in {"doel", "afronding"})
    assert ("Wie is de voorzitter?" in page) == (phase == "doel")


def test_the_guide_asks_too_and_gets_its_screen_once_something_is_new(talk: Talk) -> None:
    talk.start()
    for path in ("guide/werk", "closing/"):
        found = re.search(
            r'hx-get="[^"]*/((?:guide|closing)/[^"]*live\?version=[^"]+)"', talk.get(path).text
        )
        assert found
        asks = unescape(found[1])
        with counted(talk.school.app) as few:
            page = talk.get(asks)
        assert (page.status_code, page.text) == (204, "")
        assert len(few) <= 6
        talk.do("agreements/new", talk.noor, kind="action", what=f"Afspraak bij {path}")
        page = talk.get(asks)
        assert page.status_code == 200
        assert re.search(r"\d afspra", page.text)
    assert talk.get("guide/nergens/live").status_code == 404
    assert talk.get("guide/werk/live", talk.noor).status_code == 403
    assert talk.get("closing/live", talk.noor).status_code == 403


def test_the_guide_stops_asking_when_it_is_over_or_taken_back(talk: Talk) -> None:
    assert talk.get("guide/werk/live").headers["HX-Refresh"] == "true"
    assert talk.get("closing/live").headers["HX-Refresh"] == "true"
    talk.start()
    talk.close()
    page = talk.get("guide/werk/live?version=before")
    assert page.status_code == 200
    assert "hx-trigger" not in page.text


@pytest.mark.parametrize("path", ["guide/werk", "closing/"])
@pytest.mark.parametrize("who", ["pupil", "teacher"])
def test_a_second_screen_is_shown_anew_when_somebody_else_leads(
    talk: Talk, path: str, who: str
) -> None:
    """What is private stands outside the parts that are renewed."""
    phase = "werk" if path == "guide/werk" else "afronding"
    talk.start()
    talk.do("guide/chair", chair="teacher" if who == "pupil" else "pupil")
    talk.do("guide/werk", **{"private.werk": OWN["private"]})
    talk.do("closing/", **{"private.afronding": OWN["private"]})
    second = talk.school.visit(talk.teacher_id, talk.round_id)
    page = talk.get(path, second).text
    assert (f'name="private.{phase}"' in page) == (who == "pupil")
    found = re.search(r'hx-get="[^"]*/((?:guide|closing)/[^"]*live\?version=[^"]+)"', page)
    assert found
    talk.do("guide/chair", chair=who)
    answer = talk.get(unescape(found[1]), second)
    assert (answer.status_code, answer.headers.get("HX-Refresh")) == (204, "true")
    page = talk.get(path, second).text
    assert (OWN["private"] in page) == (who == "teacher")
    found = re.search(r'hx-get="[^"]*/((?:guide|closing)/[^"]*live\?version=[^"]+)"', page)
    assert found
    assert "HX-Refresh" not in talk.get(unescape(found[1]), second).headers


def test_what_a_third_party_agreed_leaves_a_page_that_lies_open(talk: Talk) -> None:
    talk.start()
    talk.agree(party="workplace", what="Alleen voor de praktijkopleider")
    page = talk.get("").text
    assert "Alleen voor de praktijkopleider" in page
    talk.do("guide/chair", chair="pupil")
    answer = talk.get(f"live?version={mark(page)}")
    assert answer.status_code == 200
    assert "Alleen voor de praktijkopleider" not in answer.text


@pytest.mark.parametrize("path", ["guide/werk/live", "closing/live", "live"])
def test_asking_by_itself_keeps_no_session_awake(talk: Talk, path: str) -> None:
    def seen_at() -> list[object]:
        with talk.school.app.app_context():
            return list(
                db.session.scalars(select(LaunchSession.seen_at).order_by(LaunchSession.id))
            )

    talk.start()
    with talk.school.app.app_context():
        db.session.execute(update(LaunchSession).values(seen_at=now() - timedelta(minutes=5)))
        db.session.commit()
    before = seen_at()
    talk.get(path)
    assert seen_at() == before
    talk.get("guide/werk")
    assert seen_at() != before


def test_agreements_on_a_screen_the_pupil_looks_at_hold_nothing_private(talk: Talk) -> None:
    talk.start()
    talk.do("guide/werk", **{"private.werk": OWN["private"]})
    talk.do("guide/voorbereiding", **{"private.lookup": OWN["lookup"]})
    talk.do("guide/werk/remark", **{"remark.werk": OWN["remark"]})
    talk.do("guide/werk/outcomes", kind="doubt", outcome="Of ik buiten wil werken")
    talk.agree(party="pupil", what="Een middag meelopen")
    talk.agree(party="workplace", what="Alleen voor de praktijkopleider")
    assert "Alleen voor de praktijkopleider" in talk.get("agreements/").text
    talk.do("guide/chair", chair="pupil")
    address = re.search(r"/agreements/(\d+)\"", talk.get("agreements/").text)
    assert address
    for path in (
        "agreements/",
        "agreements/new?phase=werk",
        f"agreements/{address[1]}",
        "closing/",
        "",
    ):
        page = talk.get(path)
        assert page.status_code == 200
        for text in (*OWN.values(), "Alleen voor de praktijkopleider", "Alleen jij ziet dit"):
            assert text not in page.text, path
    assert "1 afspraak" in talk.get("guide/werk").text


def test_what_a_mentor_did_not_share_is_not_on_a_screen_the_pupil_looks_at(talk: Talk) -> None:
    colleague = talk.school.visit(talk.school.teacher("Ilse Smit"), talk.round_id)
    for who, name in ((talk.mentor, "Miriam"), (colleague, "Ilse")):
        talk.do("prepare/", who, action="add-question", own_question=f"Vraag van {name}?")
    talk.do("prepare/", colleague, **{"prep.vb-v01": "Concept van Ilse"})
    talk.start()
    talk.do("guide/chair", chair="pupil")
    phases = [f"guide/{one.key}" for one in load().phases if one.key != "afronding"]
    for path in (*phases, "closing/", "agreements/", "agreements/new", ""):
        for who in (talk.mentor, colleague, talk.noor):
            if who is talk.noor and path.startswith(("guide", "closing")):
                continue
            page = talk.get(path, who)
            assert page.status_code == 200
            for text in ("Concept van Ilse", "Vraag van Ilse?", "Vraag van Miriam?"):
                assert text not in page.text, path

"""What both see while they talk: asked all the time, answered only when something is new."""

import re

import pytest

from instrument import load
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
        talk.post(path, **fields)
        page = talk.get(f"live?version={version}", talk.noor)
        assert page.status_code == 200, path
        assert text in page.text
        version = mark(page.text)
        assert page.headers["ETag"] == f'"{version}"'
    talk.post("guide/werk", **{"private.werk": "Alleen voor mij"})
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
    talk.post(f"guide/{phase}", **{f"private.{phase}": OWN["private"]})
    talk.post("guide/voorbereiding", **{"private.lookup": OWN["lookup"]})
    talk.post(f"guide/{phase}/remark", **{f"remark.{phase}": OWN["remark"]})
    if group:
        field = {"group": group, f"question-{group}": OWN["question"]}
        talk.post(f"guide/{phase}/questions", **field)
    before = talk.get(f"guide/{phase}").text
    assert OWN["private"] in before
    assert not group or OWN["question"] in before
    talk.post("guide/chair", chair="pupil")
    page = talk.get(f"guide/{phase}").text
    for text in OWN.values():
        assert text not in page
    assert ("Dit kun je zeggen:" in page) == (phase in {"doel", "afronding"})
    assert ("Wie is de voorzitter?" in page) == (phase == "doel")

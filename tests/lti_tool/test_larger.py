"""From a small frame to a tab of one's own, on the same page and as the same person."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.lti.state import digest
from lti_tool.models import LaunchSession, db
from tests.support.school import School, Visitor
from tests.support.talk import Talk


def ask(visitor: Visitor, page: str) -> str:
    """The address that the new tab is sent to."""
    address = visitor.post("/larger", {"page": page}).get_json()["address"]
    assert isinstance(address, str)
    return address


def confirm(tab: FlaskClient, address: str) -> TestResponse:
    """Open it in a browser without any cookie of ours, and say "Ja, dat ben ik"."""
    page = tab.get(address)
    assert page.status_code == 200, page.text
    values = dict(re.findall(r'name="(csrf_token|page)"\s+value="([^"]*)"', page.text))
    action = address.partition("?")[0]
    return tab.post(action, data=values, follow_redirects=True)


def test_the_same_page_in_a_tab(talk: Talk) -> None:
    talk.start()
    path = f"/conversations/{talk.id}/guide/doel"
    here = talk.mentor.get(path)
    assert "Groter openen, in een nieuw tabblad" in here.text
    tab = talk.school.app.test_client()
    address = ask(talk.mentor, f"{talk.mentor.root}{path}?q=gd-v01")
    page = confirm(tab, address)
    assert page.status_code == 200
    assert page.request.full_path.endswith(f"{path}?q=gd-v01")
    assert not page.request.path.startswith(talk.mentor.root)
    assert talk.mentor.get(path).status_code == 200  # the frame goes on
    assert tab.get(address).status_code == 401  # the code worked once


def test_the_visit_ends_no_later_for_it(talk: Talk) -> None:
    address = ask(talk.mentor, "")
    assert confirm(talk.school.app.test_client(), address).status_code == 200
    with talk.school.app.app_context():
        begun = select(LaunchSession.created_at).order_by(LaunchSession.id.desc())
        ids = db.session.scalars(begun).all()
        own = db.session.scalars(
            select(LaunchSession.created_at).where(
                LaunchSession.id_hash == digest(talk.mentor.root.removeprefix("/s/"))
            )
        ).one()
    assert ids[0] == own


@pytest.mark.parametrize(
    "page",
    [
        "",
        "x",
        "//elsewhere.example",
        "https://elsewhere.example/",
        "/s/x/",
        "{root}",
        "{root}/é",
    ],
)
def test_any_other_address_leads_to_the_first_page(talk: Talk, page: str) -> None:
    tab = talk.school.app.test_client()
    answer = confirm(tab, ask(talk.noor, page.format(root=talk.noor.root)))
    assert "Wat is voor jou het doel van het gesprek?" in answer.text


def test_an_address_of_somebody_s_own_making_leads_nowhere_else(talk: Talk) -> None:
    """`page` stands in the address of the question, so anybody may write there."""
    code = ask(talk.noor, "").partition("?")[0]
    tab = talk.school.app.test_client()
    assert tab.get(code).status_code == 200
    for page in ("//elsewhere.example", "https://elsewhere.example", "/%2e%2e/x", "\\elsewhere"):
        again = ask(talk.noor, "").partition("?")[0]
        answer = confirm(talk.school.app.test_client(), f"{again}?page={page}")
        assert "Wat is voor jou het doel van het gesprek?" in answer.text


def test_an_administrator_comes_along(school: School) -> None:
    administrator = school.administrator()
    tab = school.app.test_client()
    page = confirm(tab, ask(administrator, f"{administrator.root}/administration/"))
    assert "Leeromgeving" in page.text

"""The demo's ports and its database: the next port when one is taken, a fresh story when due."""

import socket
from pathlib import Path

import pytest

from lti_tool.demo.lms import create_lms
from lti_tool.demo.run import database_name, free_from
from lti_tool.demo.school import DEMO_SCHOOL
from lti_tool.mail.message import build
from lti_tool.mail.server import deliver, read_address
from lti_tool.settings import sender


def test_other_migrations_mean_another_database(tmp_path: Path) -> None:
    step = tmp_path / "0001_first.py"
    step.write_text("a")
    before = database_name(tmp_path)
    assert database_name(tmp_path) == before
    step.write_text("b")
    assert database_name(tmp_path) != before


def test_a_busy_port_is_passed_over_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = free_from(port)
    assert found > port
    assert capsys.readouterr().out == f"Port {port} is busy, so this uses {found}.\n"


def test_a_free_port_is_used_silently_and_never_twice(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert free_from(port) == port
    assert capsys.readouterr().out == ""
    assert free_from(port, beside=port) > port


def test_mail_lies_in_the_mailbox_of_the_lms(tmp_path: Path) -> None:
    lms_url, tool_url = "http://localhost:9000", "http://127.0.0.1:8000"
    lms = create_lms(school=DEMO_SCHOOL, own_url=lms_url, tool_url=tool_url, mailbox=tmp_path)
    client = lms.test_client()
    assert "Er is nog geen mail" in client.get("/mailbox").text
    message = build(
        "Bereid je voor",
        "Hoi <b>Amira</b>,\n\nhttp://localhost:9000/courses/7\n",
        to="amira@voorbeeldcollege.example",
        sender=sender("Lob <lob@voorbeeldcollege.example>"),
        message_id="<1@127.0.0.1>",
    )
    deliver(read_address(tmp_path.as_uri(), this_machine=frozenset()), message, name="1")
    page = client.get("/mailbox").text
    assert "amira@voorbeeldcollege.example" in page
    assert "&lt;b&gt;" in page
    assert 'href="http://localhost:9000/courses/7"' in page
    assert "Mentorles 3 mavo B" in client.get("/courses/7", follow_redirects=True).text
    bare = create_lms(school=DEMO_SCHOOL, own_url=lms_url, tool_url=tool_url).test_client()
    assert bare.get("/mailbox").status_code == 404
    assert "Postvak" not in bare.get("/").text


def test_the_lms_leads_to_what_the_pages_are_made_of() -> None:
    lms_url, tool_url = "http://localhost:9000", "http://127.0.0.1:8000"
    there = create_lms(
        school=DEMO_SCHOOL, own_url=lms_url, tool_url=tool_url, style_page=f"{tool_url}/stijl"
    )
    assert f'href="{tool_url}/stijl"' in there.test_client().get("/tools").text
    bare = create_lms(school=DEMO_SCHOOL, own_url=lms_url, tool_url=tool_url)
    assert "/stijl" not in bare.test_client().get("/tools").text

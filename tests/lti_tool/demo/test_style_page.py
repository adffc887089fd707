"""`/stijl` shows all there is: every token with its measured contrast, and every component."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lti_tool import create_app
from lti_tool.demo.style_page import style_page
from lti_tool.house_style import our_tokens
from tests.conftest import make_settings
from tests.support.pages import faults_of
from tests.support.tools import let_go

TEMPLATES = Path(__file__).parents[3] / "templates"


@pytest.fixture
def tool(tmp_path: Path) -> Iterator[Flask]:
    """A tool as the demo makes it. The page needs no row of the database."""
    made = create_app(make_settings(f"sqlite:///{tmp_path / 'lob.sqlite3'}"))
    made.register_blueprint(style_page)
    yield made
    let_go(made)


@pytest.fixture
def client(tool: Flask) -> FlaskClient:
    return tool.test_client()


def test_only_the_demo_has_it(app: Flask) -> None:
    assert app.test_client().get("/stijl").status_code == 404


def test_every_token_and_every_measured_pair_is_shown(client: FlaskClient) -> None:
    answer = client.get("/stijl")
    assert answer.status_code == 200
    assert not faults_of(answer.text, answer.headers["Content-Security-Policy"])
    for look, tokens in our_tokens().items():
        for name, value in tokens.items():
            assert f"<code>{name}</code>" in answer.text, (look, name)
            if value.startswith("#"):
                assert f'fill="{value}"' in answer.text, (look, name)
    assert "<code>on-accent</code> op <code>accent</code>" in answer.text


def test_every_component_is_shown() -> None:
    page = (TEMPLATES / "style" / "page.html").read_text("utf-8")
    for file in (TEMPLATES / "components").glob("*.html"):
        name = file.stem
        assert f'{{% from "components/{name}.html" import {name}' in page
        assert page.count(f"{name}(") > 0, name

"""The bottom of every page: what a school lets stand there."""

import re

import pytest
from flask import Flask

from tests.support.school import School


def test_every_page_leads_to_the_school_s_accessibility_statement(
    school: School, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = "https://www.school.example/toegankelijkheid"
    visitors = (
        school.visit(school.pupil()),
        school.visit(school.teacher()),
        school.administrator(),
    )
    assert all("Toegankelijkheid (nieuw tabblad)" not in one.get().text for one in visitors)
    settings = app.config["LOB"].model_copy(update={"accessibility_url": statement})
    monkeypatch.setitem(app.config, "LOB", settings)
    pages = [one.get().text for one in visitors]
    pages += [visitors[0].get("/nothing").text, app.test_client().get("/s/nobody/").text]
    pages.append(app.test_client().get("/lti/login").text)
    for text in pages:
        assert re.search(rf'href="{statement}"[^>]*>Toegankelijkheid', text)

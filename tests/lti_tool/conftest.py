"""A class whose roster, and a round whose reports, go to a platform on the web."""

from collections.abc import Iterator

import pytest
from flask import Flask

from lti_tool.lti.connector import AccessTokens
from lti_tool.models import Course, Registration, Round
from tests.support.klas import Class
from tests.support.platform_web import (
    GRADE_SCOPES,
    LINE_ITEM_URL,
    LINE_ITEMS_URL,
    SCORES_URL,
    TOKEN_URL,
    Said,
    platform_web,
)
from tests.support.reported import Reported
from tests.support.school import School
from tests.support.talk import Talk


@pytest.fixture
def reported(app: Flask, talk: Talk) -> Iterator[Reported]:
    app.extensions["lob_tokens"] = AccessTokens()
    with platform_web() as web:
        made = Reported(talk, web)
        school = talk.school
        made.set(Course, school.course_id, lineitems_url=LINE_ITEMS_URL, grade_scopes=GRADE_SCOPES)
        made.set(Registration, school.registration_id, auth_token_url=TOKEN_URL, family="moodle")
        made.set(Round, talk.round_id, lineitem_url=LINE_ITEM_URL, reports_preparation=True)
        web.say("POST", SCORES_URL, Said("", 200))
        yield made


@pytest.fixture
def klas(school: School) -> Iterator[Class]:
    with platform_web() as web:
        yield Class(school, web)

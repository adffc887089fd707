"""Every page, for everybody, in English: no Dutch text of ours is left on any of them."""

import re
from collections.abc import Iterator
from datetime import date

import html5lib
import pytest
from flask import Flask
from werkzeug.test import TestResponse

import instrument
from config.catalogue import FOLDER, ROOT, parts, read
from instrument import Instrument
from lti_tool.models import Agreement, Conversation, MailKind, Round, db
from tests.lti_tool.test_access_walk import paths
from tests.support.school import School, Visitor
from tests.support.stories import STORIES
from tests.support.talk import Talk, hold_talk
from tests.support.tools import empty
from tests.support.walk import walk as links

pytestmark = pytest.mark.parametrize("migrated_app", ["sqlite"], indirect=True, scope="session")

SAID = ("alt", "aria-label", "content", "placeholder", "title")
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
DUTCH_WORDS = re.compile(
    r"\b(de|het|een|je|jij|jullie|niet|voor|naar|wat|wie|geen|nog|dit|deze|leerling\w*|gesprek\w*|"
    r"afspra\w+|vragen|vraag|ronde|opslaan)\b",
    re.IGNORECASE,
)
"""What English never says; none of the people of these tests wrote them either."""
WRITTEN = {"Niet nodig"}
"""What a mentor of the stories wrote, in words that happen to be ours as well."""
KEEPS_DUTCH = "/school-words"
"""Here the administrator chooses Dutch words."""


def dutch_texts() -> set[str]:
    """Every text that reads otherwise in English, as the literal between its variables."""
    found = {
        text
        for message in read(ROOT / FOLDER / "messages.po")
        if message.id
        for text, said in zip(parts(message.id), parts(message.string), strict=True)
        if text != said
    }
    dutch, english = (set(instrument_texts(instrument.load(language=one))) for one in ("nl", "en"))
    return found | (dutch - english)


def instrument_texts(content: Instrument) -> Iterator[str]:
    """Every wording of the instrument but that of the source itself."""
    for one in _walk(content.model_dump(exclude={"corrections"})):
        yield from one


def _walk(part: object) -> Iterator[list[str]]:
    if isinstance(part, dict):
        yield [
            value
            for name, value in part.items()
            if isinstance(value, str)
            and name in {"title", "text", "text_je", "help", "condition", "label"}
        ]
        if "subquestions" in part:
            yield [*part["subquestions"]]
        for value in part.values():
            yield from _walk(value)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _walk(one)


DUTCH = {text: max(PLACE.split(text), key=len).strip() for text in dutch_texts()}
"""With the longest literal piece of each."""


def spoken(attribute: str) -> bool:
    """Whether people, or our script for them, read what is in it."""
    return attribute in SAID or attribute.startswith("data-")


def said_on(page: TestResponse) -> list[str]:
    """Every piece of text on a page that a person may read or hear."""
    document = html5lib.parse(page.text, namespaceHTMLElements=False)
    found = []
    for one in document.iter():
        if one.attrib.get("lang") not in {None, "en"} or not isinstance(one.tag, str):
            found += [one.tail or ""]
            continue
        if one.tag not in {"script", "style", "textarea"}:
            found += [one.text or ""]
        found += [value for name, value in one.attrib.items() if spoken(name)]
        if one.attrib.get("type") == "submit":
            found += [one.attrib.get("value", "")]
        found += [one.tail or ""]
    return [" ".join(one.split()) for one in found if one.strip()]


def dutch_on(page: TestResponse) -> list[str]:
    """What is left in Dutch, where people wrote nothing that looks like ours."""
    words = DUTCH_WORDS.finditer(" ".join(said_on(page)))
    return [*our_dutch_on(page), *(one[0] for one in words)]


def our_dutch_on(page: TestResponse) -> list[str]:
    """The texts of the catalogue and the instrument that are left in Dutch."""
    said = said_on(page)
    together, alone = " ".join(said), set(said)
    return [
        text
        for text, literal in DUTCH.items()
        if text in alone or (len(literal) >= 12 and literal in together)
    ]


@pytest.fixture
def talk(school: School) -> Talk:
    """A held conversation, and in the next round one that is going on: both full of everything."""
    held = hold_talk(school, school.teacher("Miriam Wit"), school.pupil("Noor Bakker"))
    school.pupil("Sem Yilmaz")
    fill(held)
    held.agree(what="Meelopen bij Bakkerij Brood")
    reasons = {"reason-pupil": "Later", "reason-teacher": "Later"}  # in both languages
    assert held.post("closing/", action="close", **reasons).status_code == 200
    going_on = held.next()
    fill(going_on)
    return going_on


def fill(talk: Talk) -> None:
    """Both prepare, and talk about everything."""
    with talk.school.app.app_context():
        conversation = db.session.get_one(Conversation, talk.id)
        conversation.planned_for = date(2027, 3, 3)
        db.session.get_one(Round, talk.round_id).due_on = date(2027, 3, 1)
        db.session.commit()
    for step in ("goal", "topic", "check"):
        talk.do(f"preparation/{step}", talk.noor, **{"prep__vb-v01": "Kiezen", "prep__vb-v02": "A"})
    talk.start()
    talk.do("guide/goals", goal="Kiezen", owner="pupil")
    talk.do("guide/experiences", experience="Bakkerij", brought_by="pupil")
    talk.do("guide/kwaliteiten/outcomes", outcome="Luisteren", kind="named")
    talk.do("guide/motieven/outcomes", outcome="", kind="doubt")


def english(visitor: Visitor) -> Visitor:
    """The same person, in English."""
    visitor.do("/language", {"language": "en", "back": ""})
    return visitor


def pages(app: Flask, talk: Talk, visitor: Visitor) -> Iterator[tuple[str, TestResponse]]:
    """Every page there is, and what follows when its forms are sent empty."""
    for method, path, _names_record in paths(app, talk):
        if KEEPS_DUTCH in path or path == "/language":
            continue
        page = visitor.get(path) if method == "GET" else visitor.post(path)
        if page.mimetype == "text/html":
            yield f"{method} {path} {page.status_code}", page


def walk(app: Flask, talk: Talk, visitor: Visitor) -> int:
    """Look at all pages, and return how many could be seen."""
    seen = 0
    for name, page in pages(app, talk, english(visitor)):
        assert '<html lang="en">' in page.text, name
        assert page.headers["Content-Language"] == "en", name
        assert dutch_on(page) == [], name
        seen += page.status_code == 200
    return seen


@pytest.fixture
def agreed(talk: Talk) -> Talk:
    """With an agreement, for the routes that name one."""
    talk.agree(what="Meelopen bij Bakkerij Brood")
    assert talk.rows(Agreement)
    return talk


def test_the_pupils_pages(app: Flask, agreed: Talk) -> None:
    assert walk(app, agreed, agreed.noor) > 5


def test_the_teachers_pages(app: Flask, agreed: Talk) -> None:
    for kind in MailKind:
        page = english(agreed.mentor).get(f"/rounds/{agreed.round_id}/mail/{kind}")
        assert page.status_code == 200
        assert dutch_on(page) == [], kind
    for phase in instrument.load().phases:
        page = agreed.get(f"guide/{phase.key}", english(agreed.mentor))
        assert page.status_code == 200
        assert dutch_on(page) == [], phase.key
    assert walk(app, agreed, agreed.mentor) > 20


def test_the_administrators_pages(app: Flask, agreed: Talk) -> None:
    assert walk(app, agreed, agreed.school.administrator()) > 1


def test_before_the_conversation_begins(app: Flask, school: School) -> None:
    new = hold_talk(school, school.teacher("Miriam Wit"), school.pupil("Noor Bakker"))
    for visitor in (new.noor, new.mentor):
        english(visitor)
        for path in ("preparation/", "preparation/goal", "preparation/topic", "preparation/check"):
            assert dutch_on(new.get(path, visitor)) == []
        for path in ("", "prepare/", "guide/doel"):
            assert dutch_on(new.get(path, visitor)) == []


def test_all_that_can_be_reached_by_clicking(app: Flask) -> None:
    for story in STORIES:
        for look in story(app):
            english(look.visitor)
            for kind, _path, page in links(app, look.visitor, look.begin):
                left = our_dutch_on(page)
                assert set(left) <= WRITTEN, (kind, left)
        empty(app)


def test_the_walk_would_notice_dutch(agreed: Talk) -> None:
    assert dutch_on(agreed.get("guide/kwaliteiten")) != []

"""The instrument on paper: all of the source, room to write, nobody's text."""

import pytest

import instrument
from tests.support.papers import read
from tests.support.school import School
from tests.support.talk import Talk


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_line_is_on_it(held: Talk) -> None:
    assert "/instrument" in held.mentor.get(f"/rounds/{held.round_id}").text
    page = held.mentor.get("/instrument")
    answer = held.mentor.get("/instrument.pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    paper = squeezed(read(answer.data).replace("-\n", "-"))
    content = instrument.load()
    lines = [*content.introduction]
    for phase in content.phases:
        lines += [*phase.explanation, *phase.instructions, *phase.questions, *phase.tips]
        assert squeezed(phase.title) in paper
    for one in lines:
        assert squeezed(one.text) in paper, one.key
    assert read(answer.data).count("Eigen opmerkingen en ervaringen") >= len(content.phases)
    assert page.text.count("(aan te vullen)") >= len(content.phases)
    assert "(doorvragen)" in page.text
    assert "Weten of zorg past" not in page.text


def test_pupils_have_no_blank_instrument(school: School) -> None:
    noor = school.visit(school.pupil())
    assert noor.get("/instrument").status_code == 403
    assert noor.get("/instrument.pdf").status_code == 403


@pytest.mark.parametrize("path", ["/instrument", "/instrument.pdf"])
def test_no_administrator_without_a_course(school: School, path: str) -> None:
    assert school.administrator().get(path).status_code == 403

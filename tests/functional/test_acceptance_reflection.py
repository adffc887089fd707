"""Rows of the acceptance table about the reflection after a conversation."""

import pytest

from tests.support.talk import Talk

LOOK_BACK = "Terugkijken op mijn eigen rol"


@pytest.mark.row("R1", "G22")
def test_the_reflection_is_the_mentors_alone(talk: Talk) -> None:
    talk.start()
    assert "waarderen en confronteren" in talk.get("guide/motieven").text
    talk.close()  # without a reflection: it may be skipped

    page = talk.get("")
    assert LOOK_BACK in page.text
    reflection = talk.get("guide/reflectie")
    assert "waarderen en confronteren" in reflection.text
    saved = talk.post("guide/reflectie", **{"private.reflectie": "Ik praatte te veel"})
    assert "Ik praatte te veel" in saved.text

    substitute = talk.school.visit(talk.school.teacher("Karim El Idrissi"), talk.round_id)
    assert "Ik praatte te veel" not in talk.get("guide/reflectie", substitute).text
    later = talk.next()
    assert "Ik praatte te veel" in later.get("prepare/").text
    for path in ("", "agreements/"):
        assert "Ik praatte te veel" not in talk.get(path, talk.noor).text
    assert talk.get("guide/reflectie", talk.noor).status_code == 403
    assert LOOK_BACK not in talk.get("", talk.noor).text
    assert "Ik praatte te veel" not in later.noor.get("/mine/timeline").text

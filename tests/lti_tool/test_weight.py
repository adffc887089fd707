"""The first page of a pupil is light, also on a phone in a full school."""

from tests.support.talk import Talk
from tests.support.weight import fetched_with, weight


def test_the_first_page_of_a_pupil_is_light(talk: Talk) -> None:
    page = talk.noor.get("/").text
    assert "Wat is voor jou het doel van het gesprek?" in page
    assert [name.partition("-")[0] for name in fetched_with(page)] == ["app", "app"]
    assert weight(page).within_limits

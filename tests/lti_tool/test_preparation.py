"""The pupil's form, as a pupil without JavaScript uses it."""

from tests.support.school import School


def test_pupil_prepares_and_sends(school: School) -> None:
    pupil = school.pupil()
    round_id = school.round()
    visitor = school.visit(pupil, round_id)
    page = visitor.get()
    assert "Wat is voor jou het doel van het gesprek?" in page.text
    assert page.status_code == 200

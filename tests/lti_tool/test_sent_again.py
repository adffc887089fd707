"""A form that comes once more, because its answer was lost, adds nothing twice."""

import pytest

from lti_tool.models import Agreement, Experience, Goal, Outcome, Participant
from tests.support.talk import Talk

FORMS: list[tuple[type[object], str, dict[str, str]]] = [
    (Goal, "guide/goals", {"goal": "Weten wat ik wil", "owner": "pupil"}),
    (Experience, "guide/experiences", {"experience": "De stage", "brought_by": "pupil"}),
    (Outcome, "guide/werk/outcomes", {"kind": "named", "outcome": "Buiten"}),
    (Outcome, "guide/werk/outcomes", {"kind": "doubt", "outcome": ""}),
    (Agreement, "agreements/new", {"party": "pupil", "kind": "action", "what": "Bellen"}),
    (Participant, "closing/participants", {"party": "workplace", "description": "bakker"}),
]


@pytest.mark.parametrize(("kind", "path", "fields"), FORMS)
def test_only_what_is_not_there_yet_is_added(
    talk: Talk, kind: type[object], path: str, fields: dict[str, str]
) -> None:
    talk.start()
    for expected in (1, 1):
        assert talk.post(path, **fields, again="1").status_code == 200
        assert len(talk.rows(kind)) == expected
    talk.do(path, **fields)
    assert len(talk.rows(kind)) == 2

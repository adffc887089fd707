"""One conversation, with both people at their own browser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.models import db
from tests.support.school import School, Visitor


@dataclass
class Talk:
    """Paths are those below the conversation; `mentor` and `noor` follow redirects."""

    school: School
    teacher_id: int
    pupil_id: int
    round_id: int
    id: int
    mentor: Visitor
    noor: Visitor

    def get(self, path: str, who: Visitor | None = None) -> TestResponse:
        """GET a page of the conversation, as the mentor unless somebody else is named."""
        return (who or self.mentor).get(f"/conversations/{self.id}/{path}")

    def post(self, path: str, who: Visitor | None = None, /, **fields: object) -> TestResponse:
        """POST to a page of the conversation; `x__y` stands for a field named `x.y`."""
        return (who or self.mentor).post(f"/conversations/{self.id}/{path}", _named(fields))

    def do(self, path: str, who: Visitor | None = None, /, **fields: object) -> None:
        """POST likewise what is accepted, without a look at the page it leads to."""
        (who or self.mentor).do(f"/conversations/{self.id}/{path}", _named(fields))

    def form_of(self, agreement_id: int, who: Visitor | None = None) -> dict[str, str]:
        """What the form of an agreement carries along of what it was filled from."""
        found = re.search(
            r'name="revision" value="(\w+)"', self.get(f"agreements/{agreement_id}", who).text
        )
        assert found
        return {"revision": found[1]}

    def start(self) -> None:
        """The mentor begins the conversation."""
        self.do("guide/start")

    def agree(self, party: str = "pupil", what: str = "Een middag meelopen") -> None:
        """The mentor writes an agreement down."""
        self.do("agreements/new", party=party, kind="action", what=what)

    def agree_by_a_day(self) -> None:
        """The mentor writes an agreement of the pupil's down, with a day to be done by."""
        fields = {"party": "pupil", "kind": "action", "due_on": "2027-03-01"}
        self.do("agreements/new", what="De open dag bezoeken", **fields)

    def close(self) -> None:
        """The mentor closes the conversation; pupil and mentor need no agreement."""
        reasons = {"reason-pupil": "Nog geen idee", "reason-teacher": "Niet nodig"}
        self.do("closing/", action="close", **reasons)

    def next(self) -> "Talk":
        """The same two people in the next round."""
        return hold_talk(self.school, self.teacher_id, self.pupil_id)

    def rows(self, kind: type[Any]) -> list[Any]:
        """All rows of a table that belong to this conversation."""
        with self.school.app.app_context():
            query = select(kind).where(kind.conversation_id == self.id).order_by(kind.id)
            return list(db.session.scalars(query))


def _named(fields: Mapping[str, object]) -> dict[str, object]:
    return {name.replace("__", "."): value for name, value in fields.items()}


def hold_talk(school: School, teacher_id: int, pupil_id: int, course_id: int | None = None) -> Talk:
    """A new round for these two; both are in `course_id`, or in the school's first course."""
    round_id = school.round(course_id=course_id)
    return Talk(
        school=school,
        teacher_id=teacher_id,
        pupil_id=pupil_id,
        round_id=round_id,
        id=school.conversation(pupil_id, round_id),
        mentor=school.visit(teacher_id, round_id),
        noor=school.visit(pupil_id, round_id),
    )

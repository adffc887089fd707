"""A talk in a round that reports to the gradebook, and the platform that answers."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lti_tool.background import do_what_is_due
from lti_tool.models import (
    GradeReport,
    Outbox,
    ReportState,
    db,
)
from tests.support.platform_web import (
    SCORES_URL,
    Web,
)
from tests.support.talk import Talk


@dataclass
class Reported:
    """A talk in a round that reports, and the platform's answers."""

    talk: Talk
    web: Web

    def set(self, kind: type[Any], record_id: int, **values: Any) -> None:
        with self.talk.school.app.app_context():
            row = db.session.get_one(kind, record_id)
            for name, value in values.items():
                setattr(row, name, value)
            db.session.commit()

    def send(self, talk: Talk | None = None) -> None:
        """Noor, or the pupil of another talk, writes and sends."""
        talk = talk or self.talk
        talk.do("preparation/goal", talk.noor, **{"prep.vb-v01": "Doel"})
        talk.do("preparation/topic", talk.noor, **{"prep.vb-v02": "Geheim onderwerp"})
        page = talk.post("preparation/check", talk.noor)
        assert page.status_code == 200

    def work(self) -> str:
        """Let the worker work; return the course page."""
        with self.talk.school.app.app_context():
            do_what_is_due()
        return self.page()

    def page(self) -> str:
        return self.talk.mentor.get(f"/rounds/{self.talk.round_id}").text

    def save(self, **fields: str) -> str:
        """The mentor saves the round's form."""
        path = f"/rounds/{self.talk.round_id}/edit"
        return self.talk.mentor.post(path, {"title": "Najaar", **fields}).text

    def scores(self) -> list[dict[str, Any]]:
        return [json.loads(one.body or "") for one in self.web.calls("POST", SCORES_URL)]

    def report(self) -> GradeReport | None:
        with self.talk.school.app.app_context():
            return db.session.scalars(select(GradeReport)).one_or_none()

    def waiting(self) -> int:
        with self.talk.school.app.app_context():
            return len(db.session.scalars(select(Outbox)).all())

    def state(self) -> tuple[ReportState, str]:
        report = self.report()
        assert report
        return report.state, report.reason

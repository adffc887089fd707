"""A mentor offers times through the page, pupils choose one."""

from datetime import date, timedelta

from sqlalchemy import select
from werkzeug.test import TestResponse

from lti_tool.models import OfferedTime, db
from lti_tool.times import today
from tests.support.school import School, Visitor
from tests.support.talk import Talk


def next_week(school: School) -> date:
    """A day that is still to come."""
    with school.app.app_context():
        return today() + timedelta(days=7)


def offer(talk: Talk, on: date | None = None, /, **changes: str) -> TestResponse:
    """Offer 9:00, 9:30 and 10:00 a week from now, unless something else is named."""
    fields = {
        "date": str(on or next_week(talk.school)),
        "from": "09:00",
        "till": "10:30",
        "minutes": "25",
        "pause": "5",
        "place": "lokaal 2.14",
        "action": "add",
    }
    changes = {name.rstrip("_"): value for name, value in changes.items()}
    return talk.mentor.post(f"/rounds/{talk.round_id}/times/new", fields | changes)


def times(school: School) -> list[OfferedTime]:
    """All of them as they stand, in order."""
    with school.app.app_context():
        return list(db.session.scalars(select(OfferedTime).order_by(OfferedTime.starts_at)))


def book(talk: Talk, time_id: int, who: Visitor | None = None) -> TestResponse:
    """The second tap of a pupil on a time."""
    return (who or talk.noor).post(f"/conversations/{talk.id}/time/choose/{time_id}")

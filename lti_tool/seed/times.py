"""Times the mentor offers in the open round: some were chosen, one of them for today."""

from collections.abc import Sequence
from datetime import date, timedelta

from lti_tool.models import Conversation, Enrolment, OfferedTime, Round, db, now
from lti_tool.seed.terms import at
from lti_tool.times import today

CLOCK = ((9, 0), (9, 45), (11, 0), (13, 30))
"""When they begin, on each day."""
MINUTES = 40


def offer_times(round_: Round, mentor: Enrolment, to_come: Sequence[Conversation]) -> None:
    """Times of three school days; the first of `to_come` have one, every other of them."""
    round_.offers_times = True
    waiting = iter(to_come[:5])
    for on in _school_days(3):
        for number, (hour, minute) in enumerate(CLOCK):
            chosen = next(waiting, None) if number % 2 == 0 else None
            db.session.add(
                OfferedTime(
                    round_id=round_.id,
                    teacher_id=mentor.id,
                    starts_at=at(on, hour, minute),
                    minutes=MINUTES,
                    place="lokaal 2.14",
                    conversation_id=chosen.id if chosen else None,
                    booked_at=now() if chosen else None,
                )
            )
            if chosen:
                chosen.planned_for = on


def _school_days(count: int) -> list[date]:
    """From today on."""
    days = (today() + timedelta(days=number) for number in range(count + 2))
    return [one for one in days if one.weekday() < 5][:count]

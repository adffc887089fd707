"""Moments are stored in UTC; people read them in the school's own time zone."""

import time
from datetime import date, datetime

from babel.dates import format_date
from flask_babel import get_locale

from lti_tool.models import now, school_zone


def today() -> date:
    """The date at school."""
    return now().astimezone(school_zone()).date()


def local_date(moment: datetime) -> date:
    """The date at school of a moment."""
    return moment.astimezone(school_zone()).date()


def clock(moment: datetime) -> str:
    """Hours and minutes: "14:05"."""
    return f"{moment.astimezone(school_zone()):%H:%M}"


def seconds_since(moment: datetime) -> int:
    """Whole seconds from a moment until now."""
    return int((now() - moment).total_seconds())


def day(value: date | datetime) -> str:
    """A date as people write it: "3 maart 2027", in the language of the page."""
    if isinstance(value, datetime):
        value = local_date(value)
    return format_date(value, "d MMMM y", locale=get_locale() or "nl")


def school_day(value: date | datetime) -> str:
    """A date with its day of the week: "woensdag 3 maart 2027"."""
    if isinstance(value, datetime):
        value = local_date(value)
    return format_date(value, "EEEE d MMMM y", locale=get_locale() or "nl")


class EveryWhile:
    """Says at most once in so many seconds that it is time; one per process, for tidying up."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        self._next = 0.0

    def is_due(self) -> bool:
        """Whether it is time again; asking is taking."""
        moment = time.monotonic()
        if moment < self._next:
            return False
        self._next = moment + self.seconds
        return True

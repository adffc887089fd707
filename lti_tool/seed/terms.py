"""When the invented conversations are: two rounds in each school year."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from lti_tool.models import school_zone

FIRST_DAYS = {True: (10, 6), False: (3, 3)}
"""Month and day on which the conversations of an autumn and of a spring begin."""
SEASON = timedelta(days=34)


@dataclass(frozen=True)
class Term:
    """Half a school year, with one round in it."""

    school_year: int
    autumn: bool
    today: date
    is_present: bool = False
    """The conversations of the present one were held in the last weeks, or are still to come."""

    @property
    def period(self) -> str:
        """As a teacher calls it: "najaar 2026"."""
        return f"najaar {self.school_year}" if self.autumn else f"voorjaar {self.school_year + 1}"

    @property
    def first_day(self) -> date:
        """When its conversations begin."""
        if self.is_present:
            return self.today - timedelta(days=21)
        return date(self.school_year + (not self.autumn), *FIRST_DAYS[self.autumn])

    @property
    def due_on(self) -> date:
        """The day before which preparations are asked for."""
        return self.today + timedelta(days=7) if self.is_present else self.first_day

    def a_moment(self, random: Random) -> datetime:
        """A moment on a school day of the season."""
        days = 20 if self.is_present else SEASON.days
        day = self.first_day + timedelta(days=random.randrange(days))
        if day.weekday() >= 5:
            day -= timedelta(days=day.weekday() - 4)
        return at(day, random.randrange(9, 15), random.choice((0, 15, 30, 45)))


def terms(count: int, today: date) -> list[Term]:
    """The present term and those before it, oldest first."""
    autumn = today.month >= 8 or today.month == 1
    year = today.year if today.month >= 8 else today.year - 1
    found = [Term(year, autumn, today, is_present=True)]
    while len(found) < count:
        year, autumn = (year - 1, False) if autumn else (year, True)
        found.append(Term(year, autumn, today))
    return found[::-1]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment at school."""
    return datetime.combine(day, time(hour, minute), school_zone())

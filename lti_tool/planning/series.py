"""The times that "from nine till twelve, half an hour each" makes; and whether they can be."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from lti_tool.access import visit
from lti_tool.forms import Posted
from lti_tool.models import (
    LONGEST,
    SHORTEST,
    Enrolment,
    OfferedTime,
    Person,
    Round,
    db,
    now,
    school_zone,
)
from lti_tool.numbers import whole_number
from lti_tool.times import clock, day, local_date

LONGEST_PAUSE = 240
LONGEST_PLACE = 100
LAST_YEAR = 2199
"""A year that is further off is a mistake in typing."""
MOST = 60
"""Times in one series; more is a mistake in typing."""
FIELDS = ("date", "from", "till", "minutes", "pause", "place")
USUAL = {"minutes": "30", "pause": "5"}


@dataclass
class Series:
    """What was typed, the times it makes, and what is wrong with it."""

    typed: dict[str, str]
    posted: Posted = field(default_factory=Posted)
    minutes: int = 0
    place: str = ""
    starts: list[datetime] = field(default_factory=list)

    def times(self) -> list[tuple[datetime, datetime]]:
        """Begin and end of each."""
        return [(one, one + timedelta(minutes=self.minutes)) for one in self.starts]


def blank_series() -> Series:
    """The form as it opens."""
    return Series(typed=USUAL)


def read_series(round_: Round) -> Series:
    """What the form says; `posted.errors` is empty when these times can be offered."""
    series = Series(typed={name: request.form.get(name, "") for name in FIELDS})
    posted = series.posted
    on = posted.day("date")
    if not series.typed["date"].strip():
        posted.errors.append(("date", _("Kies een datum.")))
    begin = _time_of_day(posted, "from", _("Vul in hoe laat het eerste gesprek begint."))
    end = _time_of_day(posted, "till", _("Vul in hoe laat het laatste gesprek klaar is."))
    series.minutes = _minutes(posted, "minutes", SHORTEST, LONGEST)
    pause = _minutes(posted, "pause", 0, LONGEST_PAUSE)
    series.place = posted.text("place")
    if len(series.place) > LONGEST_PLACE:
        posted.errors.append(("place", _("Maak de plaats niet langer dan 100 tekens.")))
    if on and on.year > LAST_YEAR:
        posted.errors.append(("date", _("Kies een datum.")))
    if not posted.errors and on and begin and end:
        _make(series, _moment(on, begin), _moment(on, end), pause)
    if not posted.errors:
        _refuse_overlap(series, round_)
    return series


def stand_already(series: Series, round_: Round) -> bool:
    """Whether just these times are there: a second click on "add"."""
    known = set(
        db.session.execute(
            select(OfferedTime.starts_at, OfferedTime.minutes, OfferedTime.place).where(
                OfferedTime.round_id == round_.id,
                OfferedTime.teacher_id == visit().enrolment.id,
                OfferedTime.called_off_at.is_(None),
                OfferedTime.starts_at.in_(series.starts),
            )
        ).tuples()
    )
    same = {(one, series.minutes, series.place) for one in series.starts}
    return bool(series.starts) and known == same


def offer(series: Series, round_: Round) -> None:
    """Add the times. The caller commits."""
    round_.offers_times = True
    db.session.add_all(
        OfferedTime(
            round_id=round_.id,
            teacher_id=visit().enrolment.id,
            starts_at=one,
            minutes=series.minutes,
            place=series.place,
        )
        for one in series.starts
    )


def one_by_one() -> None:
    """Two windows of one teacher do not add overlapping times at the same moment."""
    me = select(Person.id).where(Person.id == visit().person.id)
    db.session.execute(me.with_for_update(key_share=True))


def _make(series: Series, begin: datetime | None, end: datetime | None, pause: int) -> None:
    """In UTC: a pause of five minutes stays five minutes when the clock is changed."""
    posted = series.posted
    if begin is None:
        posted.errors.append(("from", _no_such_time()))
    if end is None:
        posted.errors.append(("till", _no_such_time()))
    if begin is None or end is None:
        return
    length, step = timedelta(minutes=series.minutes), timedelta(minutes=series.minutes + pause)
    if begin <= now():
        name = "date" if local_date(begin) < local_date(now()) else "from"
        posted.errors.append((name, _("Deze tijd is al voorbij. Kies een tijd die nog komt.")))
    elif end < begin + length:
        message = _("Tussen begin en eind past geen gesprek van %(n)s minuten.", n=series.minutes)
        posted.errors.append(("till", message))
    elif begin + MOST * step + length <= end:
        message = _("Dit zijn meer dan %(most)s tijden. Kies minder tegelijk.", most=MOST)
        posted.errors.append(("till", message))
    else:
        while begin + length <= end:
            series.starts.append(begin)
            begin += step


def _refuse_overlap(series: Series, round_: Round) -> None:
    """A teacher is in one place at a time, in whatever course and round."""
    if stand_already(series, round_):
        return
    mine = aliased(Enrolment)
    around = timedelta(minutes=LONGEST)
    taken = db.session.scalars(
        select(OfferedTime)
        .join(mine, OfferedTime.teacher_id == mine.id)
        .where(
            mine.person_id == visit().person.id,
            OfferedTime.called_off_at.is_(None),
            OfferedTime.starts_at > series.starts[0] - around,
            OfferedTime.starts_at < series.starts[-1] + around,
        )
        .order_by(OfferedTime.starts_at)
    ).all()
    clashes = [
        f"{clock(one.starts_at)}-{clock(one.ends_at)}"
        for one in taken
        if any(begin < one.ends_at and one.starts_at < end for begin, end in series.times())
    ]
    if clashes:
        message = _(
            "Op %(day)s zijn er al tijden: %(times)s uur. Kies tijden die daar niet in vallen.",
            day=day(series.starts[0]),
            times=", ".join(clashes),
        )
        series.posted.errors.append(("from", message))


def _moment(on: date, at: time) -> datetime | None:
    """In UTC; None for an hour that is skipped when summer time begins."""
    local = datetime.combine(on, at, tzinfo=school_zone())
    try:
        moment = local.astimezone(UTC)
    except OverflowError:
        return None
    back = moment.astimezone(school_zone())
    return moment if back.replace(tzinfo=None) == local.replace(tzinfo=None) else None


def _no_such_time() -> str:
    return _("Deze tijd bestaat niet op die dag: de klok gaat dan een uur vooruit.")


def _time_of_day(posted: Posted, name: str, required: str) -> time | None:
    value = request.form.get(name, "").strip()
    if not value:
        posted.errors.append((name, required))
        return None
    try:
        found = time.fromisoformat(value)
    except ValueError:
        found = time(tzinfo=UTC)
    if found.tzinfo or found.second or found.microsecond:
        posted.errors.append((name, _("Vul een tijd in, bijvoorbeeld 09:30.")))
        return None
    return found


def _minutes(posted: Posted, name: str, least: int, most: int) -> int:
    number = whole_number(request.form.get(name, "").strip())
    if number is None or not least <= number <= most:
        message = _("Vul een aantal minuten in van %(least)s tot %(most)s.", least=least, most=most)
        posted.errors.append((name, message))
        return 0
    return number

"""School years: from 1 August on, in the school's own time zone. 2026 stands for 2026-2027."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

from lti_tool.models.base import now

FIRST_MONTH = 8


def school_zone() -> ZoneInfo:
    """The zone of `LOB_TIMEZONE`."""
    return ZoneInfo(current_app.config["LOB"].timezone)


def school_year_of(moment: date | datetime) -> int:
    """The calendar year in which the school year of a moment, or of a date at school, began."""
    local = moment.astimezone(school_zone()) if isinstance(moment, datetime) else moment
    return local.year if local.month >= FIRST_MONTH else local.year - 1


def this_school_year() -> int:
    """The school year that is going on."""
    return school_year_of(now())


def start_of_school_year(year: int) -> datetime:
    """The first moment of a school year."""
    return datetime(year, FIRST_MONTH, 1, tzinfo=school_zone())

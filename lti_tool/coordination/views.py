"""The coordinator's page: per class and round how many pupils are how far, and as a file."""

import structlog
from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from lti_tool.access import Right, requires, visit
from lti_tool.coordination.counts import SMALLEST, Table, groups_of, published, years
from lti_tool.coordination.table_file import csv_of
from lti_tool.models import this_school_year
from lti_tool.numbers import whole_number
from lti_tool.times import today

coordination = Blueprint("coordination", __name__, url_prefix="/s/<session_id>/coordination")
log = structlog.get_logger("coordination")


@coordination.get("/")
@requires(Right.COORDINATION)
def page() -> str:
    """One school year: the present one, or another that was chosen."""
    known = years(visit().person.id, visit().session.registration_id)
    year = _year()
    return render_template(
        "coordination/page.html",
        table=_table(year),
        year=year,
        years=sorted({*known, year}, reverse=True),
        smallest=SMALLEST,
    )


@coordination.get("/table.csv")
@requires(Right.COORDINATION)
def table_csv() -> Response:
    """The same for a spreadsheet. Counts are nobody's data, so the log of the tool is enough."""
    year = _year()
    log.info("exported", what="counts", year=year, registration=visit().session.registration_id)
    name = _("loopbaangesprekken") + f"-{year}-{year + 1}-{today():%Y%m%d}.csv"
    answer = Response(csv_of(_table(year)), mimetype="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def _year() -> int:
    """The school year that is asked for, by the year it begins in."""
    asked = whole_number(request.args.get("year", ""))
    return asked if asked and 2000 <= asked <= this_school_year() + 1 else this_school_year()


def _table(year: int) -> Table:
    return published(groups_of(visit().person.id, visit().session.registration_id, year))

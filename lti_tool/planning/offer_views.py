"""A teacher offers a series of times: typed, looked at, added; and takes a free one off again."""

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires
from lti_tool.models import Round, db
from lti_tool.planning.blueprint import planning
from lti_tool.planning.bookings import remove as remove_time
from lti_tool.planning.overview_views import overview_page
from lti_tool.planning.series import (
    Series,
    blank_series,
    offer,
    one_by_one,
    read_series,
    stand_already,
)
from lti_tool.records import course_round


@planning.get("/rounds/<int:round_id>/times/new")
@requires(Right.ROUND)
def new(round_id: int) -> Response:
    """An empty form."""
    return _page(course_round(round_id), blank_series(), 200)


@planning.post("/rounds/<int:round_id>/times/new")
@requires(Right.ROUND)
def add(round_id: int) -> Response:
    """Show what the series makes; with `action=add` add it, `action=change` gives the form back."""
    round_ = course_round(round_id)
    one_by_one()
    series = read_series(round_)
    if series.posted.errors:
        return _page(round_, series, 422)
    if request.form.get("action") == "add":
        if not stand_already(series, round_):
            offer(series, round_)
            db.session.commit()
        return redirect(url_for("planning.times", round_id=round_.id), 303)
    return _page(round_, series, 200)


@planning.post("/rounds/<int:round_id>/times/<int:time_id>/remove")
@requires(Right.ROUND)
def remove(round_id: int, time_id: int) -> Response:
    """Take a free time off the list."""
    round_ = course_round(round_id)
    if not remove_time(round_, time_id):
        return overview_page(round_, 409, gone=True)
    db.session.commit()
    return redirect(url_for("planning.times", round_id=round_.id), 303)


def _page(round_: Round, series: Series, status: int) -> Response:
    changes = request.form.get("action") == "change"
    page = render_template(
        "planning/preview.html"
        if series.starts and not changes and status == 200
        else "planning/offer.html",
        round=round_,
        series=series,
        typed=series.typed,
        posted=series.posted,
        errors=series.posted.errors,
    )
    return make_response(page, status)

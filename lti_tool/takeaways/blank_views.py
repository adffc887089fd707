"""The blank instrument, for teachers."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires
from lti_tool.takeaways.blank import blank_instrument
from lti_tool.takeaways.blueprint import pdf_file, print_page, takeaways


@takeaways.get("/instrument")
@requires(Right.COURSE)
def instrument() -> str:
    """To print."""
    back = (url_for("start.start"), _("Terug naar de klas"))
    return print_page(blank_instrument(), pdf_url=url_for("takeaways.instrument_pdf"), back=back)


@takeaways.get("/instrument.pdf")
@requires(Right.COURSE)
def instrument_pdf() -> Response:
    """As PDF."""
    return pdf_file(blank_instrument(), _("gespreksinstrument"))

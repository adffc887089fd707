"""The whole dossier of a pupil, for the pupil: to print, as PDF, and as data to take elsewhere."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.access_log import record_export, record_view
from lti_tool.takeaways.blueprint import file, pdf_file, print_page, takeaways
from lti_tool.takeaways.whole import Whole


@takeaways.get("/mine/dossier")
@requires(Right.OWN_CONVERSATIONS)
def dossier() -> str:
    """To print."""
    whole = Whole(visit().person)
    record_view(*whole.held_ids)
    return print_page(
        whole.paper(),
        pdf_url=url_for("takeaways.dossier_pdf"),
        back=(url_for("dossier.my_conversations"), _("Al mijn gesprekken")),
        data_url=url_for("takeaways.dossier_data"),
    )


@takeaways.get("/mine/dossier.pdf")
@requires(Right.OWN_CONVERSATIONS)
def dossier_pdf() -> Response:
    """As PDF."""
    whole = Whole(visit().person)
    record_export(*whole.held_ids)
    return pdf_file(whole.paper(), "loopbaandossier")


@takeaways.get("/mine/dossier.json")
@requires(Right.OWN_CONVERSATIONS)
def dossier_data() -> Response:
    """As data, with who looked and when."""
    whole = Whole(visit().person)
    record_export(*whole.ids)
    return file(whole.as_json(), "loopbaandossier.json", "application/json")

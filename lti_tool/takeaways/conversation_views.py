"""Of one conversation: the report, the pupil's sheet for the loopbaandossier, the calendar."""

from flask import make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import Conflict
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires
from lti_tool.access_log import record_export, record_view
from lti_tool.conversations import conversation_in
from lti_tool.field_views import Form, write_form
from lti_tool.fields import CLOSED
from lti_tool.handover import is_elsewhere, readable_conversation
from lti_tool.models import Conversation, State, db
from lti_tool.takeaways.agenda import agenda_of
from lti_tool.takeaways.blueprint import file, pdf_file, print_page, takeaways
from lti_tool.takeaways.report import report_of
from lti_tool.takeaways.sheet import KEYS, fields_of, sheet_of

CONVERSATION = "/conversations/<int:conversation_id>"


@takeaways.get(f"{CONVERSATION}/report")
@requires(Right.ENTRY)
def report(conversation_id: int) -> str:
    """The report to print."""
    found = _held(conversation_id)
    record_view(found.id)
    pdf_url = url_for("takeaways.report_pdf", conversation_id=found.id)
    return print_page(report_of(found), pdf_url=pdf_url, back=_back(found))


@takeaways.get(f"{CONVERSATION}/report.pdf")
@requires(Right.ENTRY)
def report_pdf(conversation_id: int) -> Response:
    """The report as PDF."""
    found = _held(conversation_id)
    record_export(found.id)
    return pdf_file(report_of(found), _("gespreksverslag"))


@takeaways.get(f"{CONVERSATION}/sheet")
@requires(Right.OWN_SHEET)
def sheet(conversation_id: int) -> Response:
    """The four texts to make one's own."""
    found = conversation_in(CLOSED, conversation_id)
    record_view(found.id)
    return _sheet_form(found, Form(), 200)


@takeaways.post(f"{CONVERSATION}/sheet")
@requires(Right.OWN_SHEET)
def save_sheet(conversation_id: int) -> Response:
    """Save them, and show the sheet as it comes on paper."""
    found = conversation_in(CLOSED, conversation_id)
    form = write_form(found, KEYS)
    db.session.commit()
    if form.errors:
        return _sheet_form(found, form, 422)
    return redirect(url_for("takeaways.sheet_print", conversation_id=found.id), 303)


@takeaways.get(f"{CONVERSATION}/sheet/print")
@requires(Right.OWN_SHEET)
def sheet_print(conversation_id: int) -> str:
    """The sheet to print."""
    found = conversation_in(CLOSED, conversation_id)
    record_view(found.id)
    return print_page(
        sheet_of(found),
        pdf_url=url_for("takeaways.sheet_pdf", conversation_id=found.id),
        back=_back(found),
        edit_url=url_for("takeaways.sheet", conversation_id=found.id),
    )


@takeaways.get(f"{CONVERSATION}/sheet.pdf")
@requires(Right.OWN_SHEET)
def sheet_pdf(conversation_id: int) -> Response:
    """The sheet as PDF."""
    found = conversation_in(CLOSED, conversation_id)
    record_export(found.id)
    return pdf_file(sheet_of(found), "loopbaandossier")


@takeaways.get(f"{CONVERSATION}/agreements.ics")
@requires(Right.ENTRY)
def agenda(conversation_id: int) -> Response:
    """What this person agreed to do, by the day it is due, for a calendar."""
    found = _held(conversation_id)
    record_export(found.id)
    return file(agenda_of(found), _("afspraken") + ".ics", "text/calendar; charset=utf-8")


def _held(conversation_id: int) -> Conversation:
    """A conversation this visit reads, of here or passed on, that is over."""
    found = readable_conversation(conversation_id)
    if found.state != State.CLOSED and not is_elsewhere(found):
        raise Conflict("not_in_this_state")
    return found


def _back(found: Conversation) -> tuple[str, str]:
    address = url_for("dossier.conversation", conversation_id=found.id)
    return address, _("Terug naar het gesprek")


def _sheet_form(found: Conversation, form: Form, status: int) -> Response:
    page = render_template(
        "takeaways/sheet.html",
        conversation=found,
        fields=fields_of(found, form),
        errors=form.summary,
        back=_back(found),
    )
    return make_response(page, status)

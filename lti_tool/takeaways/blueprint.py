"""The routes of what people take along, and the two ways a paper is given: to print, or as PDF."""

from io import BytesIO

from flask import Blueprint, render_template, send_file
from werkzeug.wrappers import Response

from lti_tool.takeaways.paper import Paper
from lti_tool.takeaways.pdf import typeset

takeaways = Blueprint("takeaways", __name__, url_prefix="/s/<session_id>")

PDF = "application/pdf"


def print_page(
    paper: Paper, *, pdf_url: str, back: tuple[str, str], edit_url: str = "", data_url: str = ""
) -> str:
    """The paper as a page to print; `back` is address and words of the way back."""
    return render_template(
        "takeaways/paper.html",
        paper=paper,
        pdf_url=pdf_url,
        back=back,
        edit_url=edit_url,
        data_url=data_url,
    )


def pdf_file(paper: Paper, name: str) -> Response:
    """The paper as a PDF to keep."""
    return file(typeset(paper), f"{name}.pdf", PDF)


def file(content: bytes, name: str, kind: str) -> Response:
    """A file to keep: browsers save it and do not show it."""
    return send_file(
        BytesIO(content), mimetype=kind, as_attachment=True, download_name=name, etag=False
    )

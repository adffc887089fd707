"""The text of a PDF, as a reader finds it."""

from io import BytesIO

import pypdf
from werkzeug.test import TestResponse


def read(content: bytes) -> str:
    """All pages, in reading order."""
    pages = pypdf.PdfReader(BytesIO(content)).pages
    return "\n".join(one.extract_text() for one in pages)


def text_of(answer: TestResponse) -> str:
    """What somebody can read in an answer, be it a page or a PDF."""
    return read(answer.data) if answer.mimetype == "application/pdf" else answer.text

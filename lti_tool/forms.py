"""Reading small posted forms: typed values, and the errors a page shows.

Long written fields save themselves (`entries.py`); this is for the short rest.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request
from flask_babel import gettext as _

from lti_tool.field_views import too_long_message
from lti_tool.fields import LONGEST_TEXT
from lti_tool.numbers import whole_number

Kind = TypeVar("Kind", bound=StrEnum)


@dataclass
class Posted:
    """One posted form; errors are pairs of field id and message."""

    errors: list[tuple[str, str]] = field(default_factory=list)

    def text(self, name: str, *, required: str = "") -> str:
        """The trimmed text of a field; `required` is the message when it is empty."""
        value = request.form.get(name, "").strip()
        if len(value) > LONGEST_TEXT:
            self.errors.append((name, too_long_message()))
        if required and not value:
            self.errors.append((name, required))
        return value

    def choice(self, name: str, kind: type[Kind], *, required: str = "") -> Kind | None:
        """One of an enumeration, or None."""
        value = request.form.get(name, "")
        if value in {one.value for one in kind}:
            return kind(value)
        if value or required:
            self.errors.append((name, required or _("Kies een van de antwoorden.")))
        return None

    def day(self, name: str) -> date | None:
        """A date as a date field sends it, or None."""
        value = request.form.get(name, "").strip()
        if not value:
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.errors.append((name, _("Vul een datum in, bijvoorbeeld 31-01-2027.")))
            return None

    def number(self, name: str) -> int | None:
        """A record's id, or None when the field is empty or no number."""
        return whole_number(request.form.get(name, ""))

    def ticked(self, name: str) -> bool:
        """Whether a checkbox is on."""
        return bool(request.form.get(name))

    def error(self, name: str) -> str:
        """The message of one field, "" when it is fine."""
        return next((message for key, message in self.errors if key == name), "")

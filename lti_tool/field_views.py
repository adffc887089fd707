"""Written fields as pages show them, and what came of posting them.

Nothing typed is lost: a field that was refused comes back with what was typed, and with what
stands in the database when that is another text.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as data_field

from flask import request, url_for
from flask_babel import gettext as _

from lti_tool.access import visit
from lti_tool.entries import NotNow, Texts, write
from lti_tool.fields import LONGEST_TEXT, field
from lti_tool.models import Conversation, Role, Visibility
from lti_tool.numbers import whole_number
from lti_tool.revisions import Stale, TooLong

REVISION = "revision."
"""Prefix of the hidden form field that names a field's revision."""


@dataclass
class FieldView:
    """A field as a template shows it; see `templates/components/entry.html`."""

    key: str
    label: str
    text: str
    revision: int
    url: str
    draft: str
    """The name under which the browser keeps unsaved text; the same after a new launch."""
    hint: str = ""
    visibility: str = ""
    error: str = ""
    other_text: str = ""
    """What stands in the database when the text typed here was refused as stale."""
    open: bool = True


@dataclass
class Form:
    """What came of a form post: the errors by key, and for those keys what was typed."""

    errors: dict[str, str] = data_field(default_factory=dict)
    typed: dict[str, str] = data_field(default_factory=dict)

    @contextmanager
    def refusing(self, key: str, text: str) -> Iterator[None]:
        """Note down why a text could not be written, and keep what was typed."""
        try:
            yield
        except Stale:
            self.errors[key] = stale_message()
        except TooLong:
            self.errors[key] = too_long_message()
        except NotNow:
            self.errors[key] = not_now_message()
        if key in self.errors:
            self.typed[key] = text

    @property
    def summary(self) -> list[tuple[str, str]]:
        """For the error summary: pairs of field id and message."""
        return list(self.errors.items())


def view(  # noqa: PLR0913  # a field and the words around it
    conversation: Conversation,
    key: str,
    texts: Texts,
    *,
    label: str,
    hint: str = "",
    form: Form | None = None,
) -> FieldView:
    """Prepare a field for its template. KeyError when the role has no such field."""
    one = field(key, visit().role)
    if one is None:
        raise KeyError(key)
    entry = texts.entry(one)
    shown = FieldView(
        key=key,
        label=label,
        text=entry.text if entry else "",
        revision=entry.revision if entry else 0,
        url=url_for("entries.save", conversation_id=conversation.id, key=key),
        draft=f"{conversation.id}/{key}",
        hint=hint,
        visibility=who_reads(one.level, visit().role),
        open=one.is_open(conversation),
    )
    return with_refusal(shown, form)


def with_refusal(shown: FieldView, form: Form | None) -> FieldView:
    """Put what was typed back into a field that was refused, beside what stands there."""
    if form and shown.key in form.errors:
        shown.error = form.errors[shown.key]
        shown.text, shown.other_text = form.typed[shown.key], shown.text
    return shown


def write_form(
    conversation: Conversation, keys: Iterable[str], *, instead: Mapping[str, str] | None = None
) -> Form:
    """Write those fields of a posted form that it carries. Flushes; the caller commits.

    `instead`: what a field gets, by key, in place of what was posted.
    """
    form = Form()
    for key in keys:
        one = field(key, visit().role)
        text = request.form.get(key)
        if one is None or text is None:
            continue
        text = (instead or {}).get(key, text if text.strip() else "")
        with form.refusing(key, text):
            write(conversation, one, text, posted_revision(key))
    return form


def posted_revision(key: str) -> int:
    """The revision the form names for a field; 0 when it names none."""
    return whole_number(request.form.get(REVISION + key, "")) or 0


def stale_message() -> str:
    """For people whose text comes back beside what somebody else wrote since."""
    return _(
        "Deze tekst is intussen ergens anders veranderd. Hieronder staan beide teksten: "
        "maak er één van en sla opnieuw op."
    )


def too_long_message() -> str:
    """For people whose text does not fit."""
    return _(
        "Je tekst is te lang: er passen %(number)s tekens in. Maak hem korter.",
        number=f"{LONGEST_TEXT:,}".replace(",", "."),
    )


def not_now_message() -> str:
    """For people who write in a field that has closed."""
    return _("Dit kun je nu niet meer veranderen, want het gesprek staat er nu anders voor.")


def who_reads(level: Visibility, role: Role) -> str:
    """The label beside a field that says who reads it."""
    if level == Visibility.PUPIL_DRAFT:
        return _("Alleen jij, totdat je het verstuurt")
    if level == Visibility.TEACHER_DRAFT:
        return _("Alleen jij, totdat je het deelt of het gesprek begint")
    if level in {Visibility.TEACHER_PUPIL, Visibility.TEACHER_INSTRUMENT}:
        return _("Alleen jij ziet dit; kan bij een inzageverzoek wel worden opgevraagd")
    return _("Jij en je mentor lezen dit") if role is Role.PUPIL else _("De leerling leest dit mee")

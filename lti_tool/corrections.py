"""Putting right what stands wrong in a closed conversation; what stood there stays to be read."""

from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.access_log import record, record_view
from lti_tool.conversations import conversation_in
from lti_tool.corrected import entry_labels, label_of
from lti_tool.forms import Posted
from lti_tool.models import (
    Act,
    Agreement,
    Conversation,
    Correction,
    Entry,
    Experience,
    Goal,
    Outcome,
    State,
    Visibility,
    db,
    now,
)

corrections = Blueprint(
    "corrections",
    __name__,
    url_prefix="/s/<session_id>/conversations/<int:conversation_id>/corrections",
)

CLOSED = frozenset({State.CLOSED})
TEXT = "correction"


@dataclass(frozen=True)
class Part:
    """Something written down in the conversation that a teacher may put right."""

    key: str
    """As `Correction.part`."""
    label: str
    row: Agreement | Entry | Experience | Goal | Outcome

    @property
    def text(self) -> str:
        """What stands there now."""
        return self.row.what if isinstance(self.row, Agreement) else self.row.text

    def write(self, text: str) -> None:
        """Put other words there."""
        if isinstance(self.row, Agreement):
            self.row.what = text
        else:
            self.row.text = text


@corrections.get("/")
@requires(Right.GUIDE)
def page(conversation_id: int) -> str:
    """Choose what to put right."""
    conversation = conversation_in(CLOSED, conversation_id)
    record_view(conversation.id)
    return render_template(
        "corrections/page.html", conversation=conversation, parts=parts(conversation)
    )


@corrections.get("/<part_key>")
@requires(Right.GUIDE)
def part(conversation_id: int, part_key: str) -> Response:
    """Show what stands there, to put it right."""
    conversation = conversation_in(CLOSED, conversation_id)
    record_view(conversation.id)
    return _part_page(conversation, _find(conversation, part_key), Posted(), 200)


@corrections.post("/<part_key>")
@requires(Right.GUIDE)
def correct(conversation_id: int, part_key: str) -> Response:
    """Write the new words, and keep the old ones with who changed them and when."""
    conversation = conversation_in(CLOSED, conversation_id)
    found, posted = _find(conversation, part_key), Posted()
    text = posted.text(TEXT, required=_("Schrijf op wat er moet staan."))
    if not posted.errors and posted.number("seen") != _times(conversation, found):
        posted.errors.append(
            (TEXT, _("Dit is intussen al verbeterd. Kijk hierboven wat er nu staat."))
        )
    if posted.errors:
        db.session.rollback()
        return _part_page(
            conversation_in(CLOSED, conversation_id), _find(conversation, part_key), posted, 422
        )
    if text != found.text:
        _write(conversation, found, text)
    db.session.commit()
    here = url_for("dossier.conversation", conversation_id=conversation.id, _anchor="corrections")
    return redirect(here, 303)


def parts(conversation: Conversation) -> list[Part]:
    """What was written down together: goals, experiences, outcomes, entries and agreements.

    How an agreement stands has a page of its own; the evaluation is the pupil's.
    """
    here = conversation.id
    found: list[Part] = []
    rows: list[Agreement | Goal | Experience | Outcome] = [
        *db.session.scalars(select(Goal).where(Goal.conversation_id == here).order_by(Goal.id)),
        *db.session.scalars(
            select(Experience).where(Experience.conversation_id == here).order_by(Experience.id)
        ),
        *db.session.scalars(
            select(Outcome).where(Outcome.conversation_id == here).order_by(Outcome.id)
        ),
        *db.session.scalars(
            select(Agreement)
            .where(Agreement.conversation_id == here, Agreement.visibility == Visibility.SHARED)
            .order_by(Agreement.id)
        ),
    ]
    for one in rows:
        key = f"{one.__tablename__}-{one.id}"
        found.append(Part(key, label_of(key), one))
    entries = db.session.scalars(
        select(Entry).where(
            Entry.conversation_id == here,
            Entry.visibility == Visibility.SHARED,
            Entry.owner_id == conversation.pupil_id,
        )
    )
    by_key = {one.key: one for one in entries}
    found += [
        Part(key, label, by_key[key]) for key, label in entry_labels().items() if key in by_key
    ]
    return [one for one in found if one.text]


def _find(conversation: Conversation, part_key: str) -> Part:
    found = next((one for one in parts(conversation) if one.key == part_key), None)
    if found is None:
        raise NotFound("no_such_part")
    return found


def _times(conversation: Conversation, found: Part) -> int:
    """How often this part was put right."""
    rows = db.session.scalars(
        select(Correction.id).where(
            Correction.conversation_id == conversation.id, Correction.part == found.key
        )
    )
    return len(rows.all())


def _write(conversation: Conversation, found: Part, text: str) -> None:
    writer_id = visit().enrolment.id
    db.session.add(
        Correction(
            conversation_id=conversation.id,
            part=found.key,
            before=found.text,
            after=text,
            written_by_id=writer_id,
        )
    )
    found.write(text)
    if isinstance(found.row, Outcome):
        found.row.confirmed_at = None  # these are not the pupil's own words any more
    if isinstance(found.row, Entry):
        found.row.revision += 1
        found.row.written_at, found.row.written_by_id = now(), writer_id
    record(conversation.id, Act.CHANGED)


def _part_page(conversation: Conversation, found: Part, posted: Posted, status: int) -> Response:
    page_ = render_template(
        "corrections/part.html",
        conversation=conversation,
        part=found,
        seen=_times(conversation, found),
        text=request.form.get(TEXT, found.text),
        posted=posted,
        errors=posted.errors,
    )
    return make_response(page_, status)

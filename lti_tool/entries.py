"""Reading and writing the written fields of a conversation.

Every write names the revision it was based on. Two tabs can therefore never silently overwrite
each other: the second one gets both texts back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as data_field

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError

from lti_tool.access import visit
from lti_tool.fields import LONGEST_TEXT, Field, field
from lti_tool.models import Conversation, Entry, Role, Visibility, db, now

REVISION = "revision."
"""Prefix of the hidden form field that names a field's revision."""


class NotNow(Exception):
    """The field is closed: the conversation has moved on."""


class TooLong(Exception):
    """More than LONGEST_TEXT characters."""


class Stale(Exception):
    """Somebody wrote since: `entry` is what stands there now."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.key)
        self.entry = entry


class Texts:
    """All entries of one conversation that this visit may read, loaded in one statement."""

    def __init__(self, conversation: Conversation, entries: Iterable[Entry]) -> None:
        self._conversation = conversation
        self._by_place = {(one.key, one.owner_id, one.visibility): one for one in entries}

    def entry(self, one: Field) -> Entry | None:
        """What this visit would change when it writes the field."""
        owner_id = one.owner_id(self._conversation, visit().enrolment.id)
        return self._by_place.get((one.key, owner_id, one.level))

    def shared(self, key: str, owner_id: int | None = None) -> str:
        """The shared text under `key`: of the pupil's row unless another owner is named."""
        owner_id = self._conversation.pupil_id if owner_id is None else owner_id
        entry = self._by_place.get((key, owner_id, Visibility.SHARED))
        return entry.text if entry else ""

    def shared_by_teachers(self, key: str) -> list[str]:
        """What teachers shared under `key` in their preparations."""
        return [
            entry.text
            for (name, owner_id, level), entry in self._by_place.items()
            if name == key
            and level == Visibility.SHARED
            and owner_id != self._conversation.pupil_id
            and entry.text
        ]

    def own(self, key: str, level: Visibility) -> str:
        """This visit's own text under `key`."""
        entry = self._by_place.get((key, visit().enrolment.id, level))
        return entry.text if entry else ""


def read(conversation: Conversation) -> Texts:
    """Load what this visit may read: what is shared, and what is its own."""
    own_levels = {
        Role.PUPIL: [Visibility.PUPIL_DRAFT],
        Role.TEACHER: [Visibility.TEACHER_DRAFT, Visibility.TEACHER_PUPIL],
    }[visit().role]
    rows = db.session.scalars(
        select(Entry).where(
            Entry.conversation_id == conversation.id,
            (Entry.visibility == Visibility.SHARED)
            | (Entry.visibility.in_(own_levels) & (Entry.owner_id == visit().enrolment.id)),
        )
    )
    return Texts(conversation, rows)


def write(conversation: Conversation, one: Field, text: str, revision: int) -> Entry:
    """Write a field; `revision` is the one the text was based on, 0 for a field without a row.

    Flushes; the caller commits. Raises NotNow, TooLong or Stale, and then nothing was written.
    """
    if not one.is_open(conversation):
        raise NotNow(one.key)
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if len(text) > LONGEST_TEXT:
        raise TooLong(one.key)
    writer_id = visit().enrolment.id
    place = {
        "conversation_id": conversation.id,
        "owner_id": one.owner_id(conversation, writer_id),
        "key": one.key,
        "visibility": one.level,
    }
    query = select(Entry).filter_by(**place).execution_options(populate_existing=True)
    entry = db.session.scalars(query).one_or_none()
    if entry is None:
        unsaved = Entry(**place, text=text, revision=0, written_by_id=writer_id)  # type: ignore[arg-type]
        return _insert(query, place, text, writer_id) if text else unsaved
    if entry.text == text:
        return entry
    changed = db.session.execute(
        update(Entry)
        .where(Entry.id == entry.id, Entry.revision == revision)
        .values(text=text, revision=revision + 1, written_by_id=writer_id, written_at=now())
        .returning(Entry.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    entry = db.session.scalars(query).one()
    if changed is None:
        raise Stale(entry)
    return entry


def _insert(
    query: Select[tuple[Entry]], place: dict[str, object], text: str, writer_id: int
) -> Entry:
    entry = Entry(**place, text=text, written_by_id=writer_id)  # type: ignore[arg-type]
    try:
        with db.session.begin_nested():
            db.session.add(entry)
    except IntegrityError as error:
        there = db.session.scalars(query).one()
        if there.text == text:
            return there
        raise Stale(there) from error
    return entry


def share(conversation: Conversation, drafts: Iterable[Field]) -> None:
    """Copy this visit's drafts into shared entries: what is sent is what others read. Flushes."""
    keys = [one.key for one in drafts]
    own = db.session.scalars(
        select(Entry).where(
            Entry.conversation_id == conversation.id,
            Entry.owner_id == visit().enrolment.id,
            Entry.key.in_(keys),
        )
    ).all()
    shared = {one.key: one for one in own if one.visibility == Visibility.SHARED}
    for draft in own:
        if draft.visibility == Visibility.SHARED:
            continue
        copy = shared.get(draft.key)
        if copy is None:
            db.session.add(
                Entry(
                    conversation_id=conversation.id,
                    owner_id=draft.owner_id,
                    key=draft.key,
                    visibility=Visibility.SHARED,
                    text=draft.text,
                    written_by_id=draft.owner_id,
                )
            )
        elif copy.text != draft.text:
            copy.text, copy.revision, copy.written_at = draft.text, copy.revision + 1, now()
    db.session.flush()


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
    if form and key in form.errors:
        shown.error = form.errors[key]
        shown.other_text = shown.text
        shown.text = form.typed[key]
    return shown


def write_form(conversation: Conversation, keys: Iterable[str], *, if_empty: str = "") -> Form:
    """Write those fields of a posted form that it carries. Flushes; the caller commits.

    A field left empty becomes `if_empty`.
    """
    form = Form()
    for key in keys:
        one = field(key, visit().role)
        text = request.form.get(key)
        if one is None or text is None:
            continue
        text = text if text.strip() else if_empty
        try:
            write(conversation, one, text, posted_revision(key))
        except Stale:
            form.errors[key] = _(
                "Deze tekst is intussen ergens anders veranderd. Hieronder staan beide teksten: "
                "maak er één van en sla opnieuw op."
            )
        except TooLong:
            form.errors[key] = too_long_message()
        except NotNow:
            form.errors[key] = not_now_message()
        if key in form.errors:
            form.typed[key] = text
    return form


def posted_revision(key: str) -> int:
    """The revision the form names for a field; 0 when it names none."""
    value = request.form.get(REVISION + key, "0")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def too_long_message() -> str:
    """For people whose text does not fit."""
    return _(
        "Je tekst is te lang: er passen %(number)s tekens in. Maak hem korter.",
        number=f"{LONGEST_TEXT:,}".replace(",", "."),
    )


def not_now_message() -> str:
    """For people who write in a field that has closed."""
    return _("Dit kun je nu niet meer veranderen, want het gesprek is verder gegaan.")


def who_reads(level: Visibility, role: Role) -> str:
    """The label beside a field that says who reads it."""
    if level == Visibility.PUPIL_DRAFT:
        return _("Alleen jij, totdat je het verstuurt")
    if level == Visibility.TEACHER_DRAFT:
        return _("Alleen jij, totdat je het deelt met de leerling")
    if level in {Visibility.TEACHER_PUPIL, Visibility.TEACHER_INSTRUMENT}:
        return _("Alleen jij ziet dit; kan bij een inzageverzoek wel worden opgevraagd")
    return _("Jij en je mentor lezen dit") if role is Role.PUPIL else _("De leerling leest dit mee")

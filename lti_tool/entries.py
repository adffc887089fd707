"""Reading, writing and sending the written fields of a conversation."""

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from lti_tool.access import visit
from lti_tool.fields import Field
from lti_tool.models import Conversation, Entry, Role, Visibility, db, now
from lti_tool.revisions import write_text


class NotNow(Exception):
    """The field is closed: the conversation has moved on."""


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


OWN_LEVELS = {
    Role.PUPIL: [Visibility.PUPIL_DRAFT],
    Role.TEACHER: [Visibility.TEACHER_DRAFT, Visibility.TEACHER_PUPIL],
}
READABLE = {
    role: select(Entry).where(
        Entry.conversation_id == bindparam("conversation_id"),
        (Entry.visibility == Visibility.SHARED)
        | (Entry.visibility.in_(levels) & (Entry.owner_id == bindparam("owner_id"))),
    )
    for role, levels in OWN_LEVELS.items()
}


def read(conversation: Conversation) -> Texts:
    """Load what this visit may read: what is shared, and what is its own."""
    named = {"conversation_id": conversation.id, "owner_id": visit().enrolment.id}
    return Texts(conversation, db.session.scalars(READABLE[visit().role], named))


def write(conversation: Conversation, one: Field, text: str, revision: int) -> Entry:
    """Write a field; `revision` is the one the text was based on, 0 for a field without a row.

    Flushes; the caller commits. Raises NotNow, TooLong or Stale, and then nothing was written.
    """
    writer_id = visit().enrolment.id
    if not one.is_open(conversation) or (one.holders and conversation.teacher_id != writer_id):
        raise NotNow(one.key)
    place = {
        "conversation_id": conversation.id,
        "owner_id": one.owner_id(conversation, writer_id),
        "key": one.key,
        "visibility": one.level,
    }
    return write_text(Entry, place, text, revision, written_by_id=writer_id)


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

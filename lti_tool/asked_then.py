"""Which questions were asked in a conversation, in the words used then (Q1).

For teachers only. The words of a teacher's own question are read by who asked it; a colleague who
opens the conversation learns that there was one.
"""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool.access import visit
from lti_tool.instrument_now import instrument_now
from lti_tool.models import OWN, SCHOOL, Conversation, Enrolment, Person, QuestionMark, db


@dataclass(frozen=True)
class AskedThen:
    """One question as it was put; `label` says whose it was."""

    text: str
    label: str


def asked_then(conversation: Conversation) -> list[AskedThen]:
    """What was ticked as asked, in the order it was, in one statement."""
    rows = db.session.execute(
        select(QuestionMark, Person)
        .outerjoin(Enrolment, Enrolment.id == QuestionMark.owner_id)
        .outerjoin(Person, Person.id == Enrolment.person_id)
        .where(QuestionMark.conversation_id == conversation.id)
        .order_by(QuestionMark.id)
    )
    return [_read(mark, asker) for mark, asker in rows.tuples()]


def _read(mark: QuestionMark, asker: Person | None) -> AskedThen:
    key = mark.question_key
    if key.startswith(OWN):
        if asker is None or asker.id != visit().person.id:
            name = asker.name if asker else ""
            said = _("Een eigen vraag van %(name)s", name=name) if name else _("Een eigen vraag")
            return AskedThen(said, _("eigen"))
        return AskedThen(mark.words or _("Een eigen vraag"), _("eigen"))
    if key.startswith(SCHOOL):
        return AskedThen(mark.words or _("Een vraag van de school"), _("school"))
    return AskedThen(mark.words or _source_words(key), _("bron"))


def _source_words(key: str) -> str:
    """For a mark of before its words were kept."""
    for question in instrument_now().question_by_key.values():
        if key == question.key:
            return question.spoken
        if key in question.parts:
            return question.parts[key]
    return key

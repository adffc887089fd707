"""The "Blad voor je loopbaandossier": four texts of the pupil's own about one conversation.

They begin as what was shared in the conversation; what the pupil makes of them is the pupil's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool.access import visit
from lti_tool.entries import read
from lti_tool.field_views import FieldView, Form, view
from lti_tool.fields import SHEET
from lti_tool.history import history_of
from lti_tool.instrument_now import instrument_now
from lti_tool.models import Conversation, Enrolment, Entry, Party, Visibility, db
from lti_tool.takeaways.paper import Paper
from lti_tool.takeaways.report import (
    agreement_text,
    evaluation_labels,
    facts_of,
    shared_agreements,
)
from lti_tool.told import Told

KEYS = tuple(f"sheet.{name}" for name in SHEET)


def fields_of(found: Conversation, form: Form) -> list[FieldView]:
    """The four fields to edit, filled from the conversation where the pupil wrote nothing yet."""
    texts, proposed = read(found), proposal(told_in(found))
    shown = []
    for key, title in headings().items():
        one = view(found, key, texts, label=title, form=form)
        if not one.revision and not one.error:
            one = replace(one, text=proposed[key])
        shown.append(replace(one, visibility=_("Alleen jij, totdat je het blad zelf deelt")))
    return shown


def sheet_of(found: Conversation) -> Paper:
    """The sheet as the pupil takes it along."""
    return sheet_from(told_in(found), own_texts([found.id], visit().person.id))


def sheet_from(told: Told, written: dict[tuple[int, str], str]) -> Paper:
    """The same from what was loaded already, for one of many."""
    pupil, here = told.conversation.pupil, told.conversation.id
    paper = Paper(
        title=_("Blad voor je loopbaandossier"),
        author=pupil.name,
        facts=f"{pupil.name} · {facts_of(told.conversation)}",
    )
    proposed = proposal(told)
    for key, title in headings().items():
        text = written.get((here, key), proposed[key])
        paper.heading(title)
        if text.strip():
            paper.text(text)
        else:
            paper.quiet(_("Niet ingevuld."))
    return paper


def own_texts(conversation_ids: Sequence[int], person_id: int) -> dict[tuple[int, str], str]:
    """What a pupil wrote for themselves in their own conversations, by conversation and key."""
    mine = select(Enrolment.id).where(Enrolment.person_id == person_id)
    query = select(Entry).where(
        Entry.conversation_id.in_(conversation_ids),
        Entry.owner_id.in_(mine),
        Entry.visibility == Visibility.PUPIL_DRAFT,
    )
    return {(one.conversation_id, one.key): one.text for one in db.session.scalars(query)}


def told_in(found: Conversation) -> Told:
    """What was said in one conversation."""
    return Told(found, history_of(found.pupil, only=found))


def headings() -> dict[str, str]:
    """The four parts that the exam programme asks for, by field."""
    return {
        "sheet.goals": _("Doelen"),
        "sheet.results": _("Resultaten"),
        "sheet.evaluation": _("Evaluatie"),
        "sheet.next": _("Vervolgactiviteiten"),
    }


def proposal(told: Told) -> dict[str, str]:
    """What the conversation itself says under each heading: only what was shared."""
    own = [one for one in shared_agreements(told) if one.party == Party.PUPIL]
    after = [agreement_text(one) for one in own]
    if told.text("next.topic"):
        after.append(_("Volgend gesprek: %(topic)s", topic=told.text("next.topic")))
    return {
        "sheet.goals": _lines(one.text for one in told.of(told.past.goals)),
        "sheet.results": "\n\n".join(_results(told)),
        "sheet.evaluation": "\n\n".join(
            f"{label}\n{told.text(key)}"
            for key, label in evaluation_labels().items()
            if told.text(key)
        ),
        "sheet.next": "\n\n".join(after),
    }


def _results(told: Told) -> list[str]:
    """Per career question: what was named, and the conclusion."""
    parts = []
    for phase in instrument_now().phases:
        said = told.conclusions(phase.key) if phase.career_question else []
        if phase.career_question and said:
            parts.append(f"{phase.career_question.text}\n{_lines(said)}")
    return parts


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(f"- {one}" for one in texts)

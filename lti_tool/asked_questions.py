"""The questions asked in one conversation, with what their teacher found of them over the years."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool.access import visit
from lti_tool.field_views import FieldView, Form, with_refusal
from lti_tool.instrument_now import instrument_now
from lti_tool.models import SCHOOL, Conversation, OwnQuestion, QuestionMark, QuestionRemark, db
from lti_tool.tally import Tally, remarks_of, tally_of

REMARK = "question-remark."
"""Prefix of the form field of a remark at a question."""


@dataclass(frozen=True)
class AskedQuestion:
    """A question that was asked, in the words its teacher sees in the guide."""

    mark: QuestionMark
    text: str
    part_of: str
    """The question it is a sub-question of."""
    tally: Tally
    remark: FieldView

    @property
    def key(self) -> str:
        """Its key, as at the mark."""
        return self.mark.question_key


def marks_of(conversation: Conversation) -> list[QuestionMark]:
    """What was ticked as asked, in the order of asking."""
    return list(
        db.session.scalars(
            select(QuestionMark)
            .where(QuestionMark.conversation_id == conversation.id)
            .order_by(QuestionMark.id)
        )
    )


def asked_questions(conversation: Conversation, form: Form) -> list[AskedQuestion]:
    """Those of the instrument and of this visit's teacher, in the order of the guide; the school's.

    In the words they were asked in. Not those of a colleague's own: their wording is theirs.
    """
    person_id = visit().person.id
    tallies, remarks = tally_of(person_id), remarks_of(person_id)
    marks = {one.question_key: one for one in marks_of(conversation)}
    return [
        AskedQuestion(
            mark=marks[key],
            text=marks[key].words or text,
            part_of=part_of,
            tally=tallies.get(key, Tally()),
            remark=_remark_view(conversation, key, remarks.get(key), form),
        )
        for key, text, part_of in [*_questions_in_order(person_id), *_of_school(marks.values())]
        if key in marks
    ]


def own_questions_since(conversation: Conversation) -> list[OwnQuestion]:
    """What this teacher added from the start of the conversation on, oldest first."""
    rows = db.session.scalars(
        select(OwnQuestion)
        .where(
            OwnQuestion.person_id == visit().person.id,
            OwnQuestion.withdrawn_at.is_(None),
            OwnQuestion.created_at >= (conversation.started_at or conversation.created_at),
        )
        .order_by(OwnQuestion.id)
    )
    return list(rows)


def _questions_in_order(person_id: int) -> Iterator[tuple[str, str, str]]:
    """Key, words, and the question it is a part of: the source's and the teacher's own."""
    own = db.session.scalars(
        select(OwnQuestion).where(OwnQuestion.person_id == person_id).order_by(OwnQuestion.id)
    ).all()
    for phase in instrument_now().phases:
        for group in phase.groups:
            for question in group.questions:
                yield question.key, question.spoken, ""
                for key, text in question.parts.items():
                    yield key, text, question.spoken
            for one in own:
                if (one.phase_key, one.group_key) == (phase.key, group.key):
                    yield one.mark_key, one.text, ""


def _of_school(marks: Iterable[QuestionMark]) -> Iterator[tuple[str, str, str]]:
    """Questions of the school's set, also those that were taken out of it since."""
    for one in marks:
        if one.question_key.startswith(SCHOOL):
            yield one.question_key, one.words or _("Een vraag van de school"), ""


def _remark_view(
    conversation: Conversation, key: str, row: QuestionRemark | None, form: Form
) -> FieldView:
    shown = FieldView(
        key=REMARK + key,
        label=_("Opmerking bij deze vraag"),
        text=row.text if row else "",
        revision=row.revision if row else 0,
        url=url_for("reflection.save_remark", conversation_id=conversation.id, question_key=key),
        draft=f"{REMARK}{key}",
        hint=_("Die zie je terug bij elk gesprek. Schrijf hier geen namen van leerlingen."),
        visibility=_("Alleen jij ziet dit"),
    )
    return with_refusal(shown, form)

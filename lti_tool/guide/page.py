"""What one screen of the guide shows, gathered in a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Row, select

from instrument import Phase
from lti_tool.access import visit
from lti_tool.conversations import pupil_chairs
from lti_tool.entries import Texts, read
from lti_tool.field_views import FieldView, Form, view, with_refusal
from lti_tool.fields import field
from lti_tool.history import History, history
from lti_tool.instrument_now import instrument_now
from lti_tool.models import (
    Agreement,
    AgreementKind,
    Conversation,
    Experience,
    Goal,
    GoalOwner,
    MustAnswer,
    Outcome,
    OutcomeKind,
    QuestionMark,
    Remark,
    Visibility,
    db,
)

REFLECTION = ("kwaliteiten", "motieven")
"""Phases with a tip to repeat what was named (kw-p1, mo-p1)."""


@dataclass(frozen=True)
class Screen:
    """Everything about one conversation the guide's screens draw on."""

    conversation: Conversation
    texts: Texts
    past: History
    goals: list[Goal]
    outcomes: list[Outcome]
    experiences: list[Experience]
    asked: dict[str, str]
    must_answer: list[MustAnswer]
    agreements: Sequence[Row[Any]]
    """Kind, outcome and words of those made so far, as far as the screen may show them."""

    @property
    def pupil_chairs(self) -> bool:
        """True: nothing private may be on the screen."""
        return pupil_chairs(self.conversation)

    @property
    def anchor(self) -> Experience | None:
        """The experience this conversation starts from."""
        return next((one for one in self.experiences if one.anchor), None)

    def named(self, phase_key: str) -> list[Outcome]:
        """What was named at a phase, in this conversation."""
        return [
            one
            for one in self.outcomes
            if one.phase_key == phase_key and one.kind == OutcomeKind.NAMED
        ]

    def assignments(self, outcome: Outcome) -> list[str]:
        """The words of the assignments that were made of an outcome."""
        return [
            one.what
            for one in self.agreements
            if one.outcome_id == outcome.id and one.kind == AgreementKind.ASSIGNMENT
        ]

    def missing_goal_owners(self) -> list[str]:
        """Whose goal is not there yet (gd-t3); a goal of both counts for both."""
        owners = {one.owner for one in self.goals}
        if GoalOwner.TOGETHER in owners:
            return []
        wanted = {
            GoalOwner.PUPIL: self.conversation.pupil.given_name,
            GoalOwner.TEACHER: _("de mentor"),
        }
        return [name for owner, name in wanted.items() if owner not in owners]


def load_screen(conversation: Conversation) -> Screen:
    """Load what every screen needs."""

    def of_conversation(kind: Any) -> list[Any]:
        query = select(kind).where(kind.conversation_id == conversation.id).order_by(kind.id)
        return list(db.session.scalars(query))

    marks = db.session.scalars(
        select(QuestionMark).where(QuestionMark.conversation_id == conversation.id)
    )
    must_answer = [
        one
        for one in of_conversation(MustAnswer)
        if one.visibility == Visibility.SHARED or one.owner_id == visit().enrolment.id
    ]
    return Screen(
        conversation=conversation,
        texts=read(conversation),
        past=history(conversation),
        goals=of_conversation(Goal),
        outcomes=of_conversation(Outcome),
        experiences=of_conversation(Experience),
        asked={one.question_key: one.words or "" for one in marks},
        must_answer=must_answer,
        agreements=_agreements_so_far(conversation),
    )


def _agreements_so_far(conversation: Conversation) -> Sequence[Row[Any]]:
    made = (
        select(Agreement.kind, Agreement.outcome_id, Agreement.what)
        .where(Agreement.conversation_id == conversation.id)
        .order_by(Agreement.id)
    )
    if pupil_chairs(conversation):
        made = made.where(Agreement.visibility == Visibility.SHARED)
    return db.session.execute(made).all()


def phase_fields(phase: Phase, *, private: bool = True) -> list[tuple[str, str, str]]:
    """The written fields of a screen: key, label, hint. `private` ones only when asked for."""
    found: list[tuple[str, str, str]] = []
    if phase.key == "doel":
        found.append(("agreed.remark", _("Opmerking over de doelen"), ""))
    if phase.key == "motieven":
        found += [
            ("motive.situation", _("De situatie"), _("Wat gebeurde er precies?")),
            ("motive.meaning", _("Wat zegt dit over jou?"), ""),
            ("motive.next", _("Wat nu?"), _("Een volgende ervaring of actie.")),
        ]
    if phase.key == "sturing":
        found.append(("own-question.text", _("De eigen vraag van de leerling"), ""))
    if phase.career_question:
        label = _("Conclusie bij %(question)s", question=phase.career_question.label)
        found.append((f"conclusion.{phase.key}", label, _("In de woorden van de leerling.")))
    if phase.step == "conversation":
        found.append((f"note.{phase.key}", _("Aantekening van dit gesprek"), ""))
    if private and phase.key == "voorbereiding":
        found.append(("private.lookup", _("Opgezocht voor jezelf"), ""))
    if private and phase.key != "reflectie":  # that one has a page of its own
        found.append((f"private.{phase.key}", _("Privé-aantekening"), ""))
    return found


def field_views(screen: Screen, phase: Phase, form: Form) -> dict[str, FieldView]:
    """The screen's written fields, ready for their templates, by key."""
    return {
        key: view(screen.conversation, key, screen.texts, label=label, hint=hint, form=form)
        for key, label, hint in phase_fields(phase, private=not screen.pupil_chairs)
        if field(key, visit().role)
    }


def navigation(screen: Screen, phase_key: str) -> list[dict[str, Any]]:
    """The ten phases under their steps, with a short mark where something is."""
    content = instrument_now()
    marks = {"doel": _goals(len(screen.goals)) if screen.goals else ""}
    for phase in content.phases:
        number = len([one for one in screen.outcomes if one.phase_key == phase.key])
        if number:
            marks[phase.key] = _("%(number)s genoteerd", number=number)
    if screen.anchor:
        marks["ervaring"] = _("gekozen")
    made = len(screen.agreements)
    if made:
        marks["afronding"] = ngettext("%(num)s afspraak", "%(num)s afspraken", made)
    groups = []
    for step in content.steps:
        phases = [content.phase_by_key[key] for key in step.phases]
        groups.append(
            {
                "heading": step.title,
                "phases": [
                    {
                        "number": one.number,
                        "title": one.title,
                        "href": _phase_url(screen.conversation, one.key),
                        "current": one.key == phase_key,
                        "mark": marks.get(one.key),
                    }
                    for one in phases
                ],
            }
        )
    return groups


def _goals(number: int) -> str:
    return ngettext("%(num)s doel", "%(num)s doelen", number)


def _phase_url(conversation: Conversation, phase_key: str) -> str:
    if phase_key == "afronding":
        return url_for("closing.page", conversation_id=conversation.id)
    return url_for("guide.phase", conversation_id=conversation.id, phase_key=phase_key)


def goal_lines(screen: Screen) -> list[dict[str, str | None]]:
    """The goals that stay in view."""
    owners = {
        GoalOwner.PUPIL: screen.conversation.pupil.given_name,
        GoalOwner.TEACHER: _("Mentor"),
        GoalOwner.TOGETHER: _("Samen"),
    }
    return [
        {
            "text": goal.text,
            "owner": owners[goal.owner],
            "note": _("wacht: %(why)s", why=goal.parked_because or _("iets anders ging voor"))
            if goal.parked_at
            else None,
        }
        for goal in screen.goals
    ]


def remark_view(conversation: Conversation, phase_key: str, form: Form) -> FieldView:
    """The teacher's remark at a phase, over all conversations (X6)."""
    remark = db.session.scalars(
        select(Remark).where(Remark.person_id == visit().person.id, Remark.phase_key == phase_key)
    ).one_or_none()
    shown = FieldView(
        key=f"remark.{phase_key}",
        label=_("Eigen opmerkingen en ervaringen bij deze fase"),
        text=remark.text if remark else "",
        revision=remark.revision if remark else 0,
        url=url_for("guide.save_remark", conversation_id=conversation.id, phase_key=phase_key),
        draft=f"remark/{phase_key}",
        hint=_("Dit zie je terug bij elk gesprek. Schrijf hier geen namen van leerlingen."),
        visibility=_("Alleen jij ziet dit"),
    )
    return with_refusal(shown, form)

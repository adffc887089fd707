"""The conversation report: what was said and agreed, the shared parts and nothing else.

Pupil and teacher get the same words; a third party's own agreement stays on their page.
"""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from lti_tool import words
from lti_tool.conversations import PARTIES
from lti_tool.corrected import corrections_of, label_of
from lti_tool.fields import EVALUATION, MY_VIEW
from lti_tool.form_questions import answers
from lti_tool.history import history_of
from lti_tool.instrument_now import instrument_now
from lti_tool.models import (
    Agreement,
    Conversation,
    Correction,
    Goal,
    NoAgreement,
    OutcomeKind,
    Participant,
    Visibility,
    db,
)
from lti_tool.takeaways.paper import Paper
from lti_tool.times import day
from lti_tool.told import Told


def report_of(found: Conversation) -> Paper:
    """The report of one conversation that this visit may read."""
    told = Told(found, history_of(found.pupil, only=found))
    here = [found.id]
    return report_from(told, participants_in(here), reasons_in(here), corrections_of(*here))


def report_from(
    told: Told,
    participants: Sequence[Participant],
    reasons: Sequence[NoAgreement],
    corrections: Sequence[Correction],
) -> Paper:
    """The same from what was loaded already, for one of many."""
    found = told.conversation
    paper = Paper(
        title=_("Verslag van het loopbaangesprek met %(name)s", name=found.pupil.name),
        author=found.teacher.name if found.teacher else found.pupil.name,
        facts=facts_of(found),
    )
    _participants(paper, told.of(list(participants)))
    _goals(paper, told)
    _experiences(paper, told)
    _career_questions(paper, told)
    _agreements(paper, told, told.of(list(reasons)))
    _how_it_was(paper, told)
    _notes(paper, told)
    prepared = answers(found.round, told.text)
    if prepared:
        paper.heading(_("Voorbereiding van de leerling"))
    for question, text in prepared:
        paper.labelled(question, text)
    _afterwards(paper, told, told.of(list(corrections)))
    return paper


def participants_in(conversation_ids: Sequence[int]) -> Sequence[Participant]:
    """Who belonged to conversations beside pupil and mentor."""
    query = select(Participant).where(Participant.conversation_id.in_(conversation_ids))
    return db.session.scalars(query.order_by(Participant.id)).all()


def reasons_in(conversation_ids: Sequence[int]) -> Sequence[NoAgreement]:
    """Why parties left conversations without an agreement."""
    query = select(NoAgreement).where(NoAgreement.conversation_id.in_(conversation_ids))
    return db.session.scalars(query.order_by(NoAgreement.id)).all()


def facts_of(found: Conversation) -> str:
    """Which conversation it was: round, day, mentor."""
    facts = [found.round.name, day(found.held_at)]
    if found.teacher:
        facts.append(_("met %(name)s", name=found.teacher.name))
    return " · ".join(facts)


def shared_agreements(told: Told) -> list[Agreement]:
    """What everybody at the table reads, the pupil's first."""
    here = told.of(told.past.agreements)
    shared = [one for one in here if one.visibility == Visibility.SHARED]
    return sorted(shared, key=lambda one: (PARTIES.index(one.party), one.id))


def agreement_text(one: Agreement) -> str:
    """One agreement in a few lines: what, by when, how we see it, the steps."""
    lines = [one.what]
    if one.due_on:
        lines.append(_("Klaar op %(date)s", date=day(one.due_on)))
    labels = {
        _("Klaar als"): one.done_when,
        _("Hoe en waar"): one.how,
        _("Waarom"): one.why,
        _("Bewijs"): one.evidence,
    }
    lines += [f"{label}: {text}" for label, text in labels.items() if text]
    lines += [f"– {step.text}" for step in one.steps]
    if one.settled:
        lines.append(words.settled(one.settled))
    return "\n".join(lines)


def evaluation_labels() -> dict[str, str]:
    """The questions about how it was, by field."""
    questions = instrument_now().question_by_key
    return {f"evaluation.{key}": questions[key].spoken for key in EVALUATION}


def next_labels() -> dict[str, str]:
    """The questions about the conversation to come, by field."""
    return {
        "next.topic": _("Onderwerp van het volgende gesprek"),
        "next.pupil": _("De leerling bereidt voor"),
        "next.teacher": _("De mentor bereidt voor"),
        "next.approach": _("De aanpak"),
    }


def _participants(paper: Paper, others: list[Participant]) -> None:
    said = [
        f"{words.party_and_who(one.party, one.description)}, "
        + (_("was erbij") if one.present else _("was er niet bij"))
        for one in others
    ]
    paper.labelled(_("Wie hoort er nog meer bij?"), "\n".join(said))


def _goals(paper: Paper, told: Told) -> None:
    goals = told.of(told.past.goals)
    if goals or told.conversation.agreed:
        paper.heading(_("Doelen"))
    paper.bullets(f"{one.text} ({', '.join(_about_goal(one))})" for one in goals)
    if told.conversation.agreed:
        agreed = words.agreed(told.conversation.agreed)
        paper.labelled(_("Zijn we het eens over de doelen?"), agreed)
    paper.text(told.text("agreed.remark"))


def _about_goal(one: Goal) -> list[str]:
    owner = words.goal_owner(one.owner)
    return [owner, _("moest wachten")] if one.parked_at else [owner]


def _experiences(paper: Paper, told: Told) -> None:
    experiences = told.of(told.past.experiences)
    if experiences:
        paper.heading(_("Ervaring"))
    for one in experiences:
        paper.text(one.text)


def _career_questions(paper: Paper, told: Told) -> None:
    for phase in instrument_now().phases:
        if phase.career_question is None:
            continue
        here = [one for one in told.of(told.past.outcomes) if one.phase_key == phase.key]
        beside = told.beside_outcomes(phase.key)
        conclusion = told.text(f"conclusion.{phase.key}")
        if not (here or beside or conclusion):
            continue
        paper.heading(phase.career_question.text)
        paper.bullets(
            one.text
            if one.kind == OutcomeKind.NAMED
            else _("Twijfel: %(text)s", text=one.text or _("zonder woorden"))
            for one in here
        )
        for label, text in beside:
            paper.labelled(label, text)
        paper.text(conclusion)


def _agreements(paper: Paper, told: Told, reasons: list[NoAgreement]) -> None:
    paper.heading(_("Afspraken"))
    agreed = shared_agreements(told)
    paper.bullets(
        f"{words.party_and_who(one.party, one.party_description)}: {agreement_text(one)}"
        for one in agreed
    )
    for one in reasons:
        who = words.party(one.party).lower()
        paper.labelled(_("Geen afspraak (%(who)s):", who=who), one.reason)
    if not agreed and not reasons:
        paper.quiet(_("Er zijn geen afspraken opgeschreven."))


def _afterwards(paper: Paper, told: Told, corrections: list[Correction]) -> None:
    """What was added once the conversation was closed: the pupil's view, and what was put right."""
    view = told.text(MY_VIEW)
    if view:
        paper.heading(_("Hoe %(name)s ernaar kijkt", name=told.conversation.pupil.given_name))
    paper.text(view)
    if corrections:
        paper.heading(_("Na het gesprek verbeterd"))
    for one in corrections:
        label = label_of(one.part)
        paper.labelled(f"{label} · {_('Eerst stond er:')}", one.before)
        paper.labelled(f"{label} · {_('Verbeterd in:')}", one.after)
        who = [day(one.written_at), one.written_by.name if one.written_by else ""]
        paper.quiet(" · ".join(filter(None, who)))


def _how_it_was(paper: Paper, told: Told) -> None:
    for title, labels in (
        (_("Evaluatie"), evaluation_labels()),
        (_("Het volgende gesprek"), next_labels()),
    ):
        if any(told.text(key) for key in labels):
            paper.heading(title)
        for key, label in labels.items():
            paper.labelled(label, told.text(key))


def _notes(paper: Paper, told: Told) -> None:
    noted = [(one.title, told.text(f"note.{one.key}")) for one in instrument_now().phases]
    if any(text for _title, text in noted):
        paper.heading(_("Aantekeningen"))
    for title, text in noted:
        paper.labelled(title, text)

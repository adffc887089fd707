"""The whole dossier of the pupil who asks: every conversation held, of every course.

As a paper, and as data with all that is stored of the pupil's own and the access log's lines.
Loaded in a fixed number of statements, however many years there are.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lti_tool.access import visit
from lti_tool.corrected import corrections_of
from lti_tool.history import history_of
from lti_tool.models import AccessLog, Agreement, Conversation, Enrolment, Person, Round, db, now
from lti_tool.takeaways.paper import Paper
from lti_tool.takeaways.report import reasons_in, report_from, shared_agreements
from lti_tool.takeaways.sheet import KEYS, own_texts, sheet_from
from lti_tool.times import day
from lti_tool.told import Told

FORMAT = 1
"""Grows when a name in the data changes its meaning."""


class Whole:
    """All of one pupil's own."""

    def __init__(self) -> None:
        self.past = history_of(visit().enrolment)
        self.ids = [one.id for one in self.past.conversations]
        self._held = _with_people(self.ids)
        self.reasons = reasons_in(self.ids)
        self.corrections = corrections_of(*self.ids)
        self.written = own_texts(self.ids)
        self.told = [Told(one, self.past) for one in self.past.conversations]

    def paper(self) -> Paper:
        """To read and print: each report, and the sheet where the pupil wrote one."""
        name = visit().person.name
        paper = Paper(title=_("Mijn loopbaandossier"), author=name, facts=f"{name} · {day(now())}")
        if not self.told:
            paper.quiet(_("Er is nog geen gesprek gehouden."))
        for told in self.told:
            paper.add(report_from(told, self.reasons, self.corrections))
            if any((told.conversation.id, key) in self.written for key in KEYS):
                paper.add(sheet_from(told, self.written))
        return paper

    def as_data(self) -> dict[str, Any]:
        """The same and the pupil's own drafts, in plain names, for another program."""
        return {
            "format": FORMAT,
            "made_at": now().isoformat(),
            "pupil": visit().person.name,
            "conversations": [self._data_of(told) for told in self.told],
            "access_log": _looked_at(self.ids),
        }

    def _data_of(self, told: Told) -> dict[str, Any]:
        found, past = told.conversation, self.past
        return {
            "course": found.round.course.title,
            "round": found.round.name,
            "held_at": found.held_at.isoformat(),
            "mentor": found.teacher.name if found.teacher else None,
            "own_questions": {f"prep.own-{one.id}": one.text for one in found.round.questions},
            "goals": [{"text": one.text, "owner": one.owner} for one in told.of(past.goals)],
            "experiences": [one.text for one in told.of(past.experiences)],
            "outcomes": [
                {"phase": one.phase_key, "kind": one.kind, "text": one.text}
                for one in told.of(past.outcomes)
            ],
            "agreements": [_agreement(one) for one in shared_agreements(told)],
            "no_agreement": [
                {"party": one.party, "reason": one.reason} for one in told.of(list(self.reasons))
            ],
            "corrections": [
                {
                    "part": one.part,
                    "before": one.before,
                    "after": one.after,
                    "by": one.written_by.name if one.written_by else None,
                    "at": one.written_at.isoformat(),
                }
                for one in told.of(self.corrections)
            ],
            "shared_texts": _of(found, past.texts),
            "own_texts": _of(found, self.written),
        }


def _of(found: Conversation, texts: dict[tuple[int, str], str]) -> dict[str, str]:
    return {key: text for (id_, key), text in texts.items() if id_ == found.id}


def _agreement(one: Agreement) -> dict[str, Any]:
    return {
        "party": one.party,
        "what": one.what,
        "due_on": one.due_on.isoformat() if one.due_on else None,
        "done_when": one.done_when,
        "how": one.how,
        "why": one.why,
        "evidence": one.evidence,
        "settled": one.settled,
        "steps": [{"text": step.text, "done": step.done_at is not None} for step in one.steps],
    }


def _with_people(ids: list[int]) -> list[Conversation]:
    """Load what the papers name beside the conversations themselves; held on to by the caller."""
    query = (
        select(Conversation)
        .where(Conversation.id.in_(ids))
        .options(
            joinedload(Conversation.pupil).joinedload(Enrolment.person),
            joinedload(Conversation.teacher).joinedload(Enrolment.person),
            joinedload(Conversation.round).joinedload(Round.course),
            joinedload(Conversation.round).selectinload(Round.questions),
        )
    )
    return list(db.session.scalars(query))


def _looked_at(ids: list[int]) -> list[dict[str, str]]:
    """Who did what with these conversations, oldest first."""
    query = (
        select(AccessLog.at, AccessLog.act, Enrolment.role, Person.name)
        .join(Enrolment, Enrolment.id == AccessLog.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(AccessLog.conversation_id.in_(ids))
        .order_by(AccessLog.id)
    )
    return [
        {"at": at.isoformat(), "act": act, "who": name, "role": role}
        for at, act, role, name in db.session.execute(query)
    ]

"""The whole dossier of a pupil: every conversation held, of every course.

As a paper, and as data with all that is stored of the pupil's own and the access log's lines.
For the pupil, and for the school that is asked for it (`person export`). Loaded in a fixed number
of statements, however many years there are.
"""

import json
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lti_tool.corrected import corrections_of
from lti_tool.history import everything_held_with
from lti_tool.looked_at import Line, lines_of
from lti_tool.models import Agreement, Conversation, Enrolment, Person, Round, Visibility, db, now
from lti_tool.takeaways.paper import Paper
from lti_tool.takeaways.report import reasons_in, report_from, shared_agreements
from lti_tool.takeaways.sheet import KEYS, own_texts, sheet_from
from lti_tool.times import day
from lti_tool.told import Told
from lti_tool.who_asks import PersonFacts

FORMAT = 1
"""Grows when a name in the data changes its meaning."""


class Whole:
    """All of one pupil's own."""

    def __init__(self, pupil: Person | PersonFacts) -> None:
        self.pupil = pupil
        self.past = everything_held_with(pupil.id)
        self.ids = [one.id for one in self.past.conversations]
        self._held = _with_people(self.ids)
        self.reasons = reasons_in(self.ids)
        self.corrections = corrections_of(*self.ids)
        self.written = own_texts(self.ids, pupil.id)
        self.told = [Told(one, self.past) for one in self.past.conversations]

    def paper(self) -> Paper:
        """To read and print: each report, and the sheet where the pupil wrote one."""
        name = self.pupil.name
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
            "pupil": self.pupil.name,
            "conversations": [self._data_of(told) for told in self.told],
            "in_preparation": self._in_preparation(),
            "access_log": [_line(one) for one in lines_of(self.pupil.id)],
        }

    def as_json(self) -> bytes:
        """That data as a file."""
        return json.dumps(self.as_data(), ensure_ascii=False, indent=2).encode("utf-8", "replace")

    def _in_preparation(self) -> list[dict[str, Any]]:
        """What the pupil wrote, sent or not, for conversations that were not held."""
        query = (
            select(Conversation)
            .join(Conversation.pupil)
            .where(Enrolment.person_id == self.pupil.id, Conversation.id.not_in(self.ids))
            .options(joinedload(Conversation.round).joinedload(Round.course))
            .order_by(Conversation.id)
        )
        found = list(db.session.scalars(query))
        levels = (Visibility.PUPIL_DRAFT, Visibility.SHARED)
        texts = own_texts([one.id for one in found], self.pupil.id, levels)
        return [
            {
                "course": one.round.course.title,
                "round": one.round.name,
                "own_texts": _of(one, texts),
            }
            for one in found
        ]

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


def _line(one: Line) -> dict[str, str]:
    return {"at": one.at.isoformat(), "act": one.act, "who": one.who, "role": one.role}

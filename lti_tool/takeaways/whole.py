"""The whole dossier of a pupil: every conversation, of every course.

As a paper, and as data with all that is stored of the pupil's own and the access log's lines.
For the pupil, and for the school that is asked for it (`person export`). Loaded in a fixed number
of statements, however many years there are.
"""

import json
from datetime import date
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from lti_tool.corrected import corrections_of
from lti_tool.handover import is_held
from lti_tool.history import everything_of
from lti_tool.looked_at import Line, lines_of
from lti_tool.models import (
    BEFORE_START,
    Agreement,
    Conversation,
    Enrolment,
    Entry,
    MustAnswer,
    OfferedTime,
    Party,
    Person,
    Preparation,
    Round,
    Visibility,
    db,
    now,
)
from lti_tool.planning.lists import Standing, standings
from lti_tool.takeaways.paper import Paper
from lti_tool.takeaways.report import (
    participants_in,
    reasons_in,
    report_from,
    shared_agreements,
)
from lti_tool.takeaways.sheet import KEYS, own_texts, sheet_from
from lti_tool.times import day
from lti_tool.told import Told
from lti_tool.who_asks import PersonFacts

Text = TypeVar("Text", str, list[str])

FORMAT = 3
"""Grows when a name in the data changes its meaning."""


class Whole:
    """All of one pupil's own."""

    def __init__(self, pupil: Person | PersonFacts) -> None:
        self.pupil = pupil
        self.past = everything_of(pupil.id)
        self.ids = [one.id for one in self.past.conversations]
        self._people = _with_people(self.ids)
        self.participants = participants_in(self.ids)
        self.reasons = reasons_in(self.ids)
        self.corrections = corrections_of(*self.ids)
        self.written = own_texts(self.ids, pupil.id)
        self.told = [Told(one, self.past) for one in self.past.conversations]
        self.held = [one for one in self.told if is_held(one.conversation)]
        """Those that are over, which the paper holds."""

    @property
    def held_ids(self) -> list[int]:
        """The conversations on the paper."""
        return [one.conversation.id for one in self.held]

    def paper(self) -> Paper:
        """To read and print: each report, and the sheet where the pupil wrote one."""
        name = self.pupil.name
        paper = Paper(title=_("Mijn loopbaandossier"), author=name, facts=f"{name} · {day(now())}")
        if not self.held:
            paper.quiet(_("Er is nog geen gesprek gehouden."))
        for told in self.held:
            paper.add(report_from(told, self.participants, self.reasons, self.corrections))
            if any((told.conversation.id, key) in self.written for key in KEYS):
                paper.add(sheet_from(told, self.written))
        return paper

    def as_data(self) -> dict[str, Any]:
        """All that the pupil may read, held or not, with own drafts; for another program."""
        beside = _Beside(self.past.conversations, self.pupil.id)
        return {
            "format": FORMAT,
            "made_at": now().isoformat(),
            "pupil": self.pupil.name,
            "conversations": [self._data_of(told, beside) for told in self.told],
            "access_log": [_line(one) for one in lines_of(self.pupil.id)],
        }

    def as_json(self) -> bytes:
        """That data as a file."""
        return json.dumps(self.as_data(), ensure_ascii=False, indent=2).encode("utf-8", "replace")

    def _data_of(self, told: Told, beside: "_Beside") -> dict[str, Any]:
        found, past = told.conversation, self.past
        ready = found.state not in BEFORE_START or found.id in beside.ready
        return {
            "course": found.round.course.title,
            "round": found.round.name,
            "state": found.state,
            "planned_for": _date(found.planned_for) if found.state in BEFORE_START else None,
            "time": _time(beside.standings.get(found.id, Standing()).booked),
            "held_at": None if found.state in BEFORE_START else found.held_at.isoformat(),
            "mentor": found.teacher.name if found.teacher else None,
            "participants": [
                {"party": one.party, "description": one.description, "present": one.present}
                for one in told.of(list(self.participants))
            ],
            "purpose": found.purpose if ready else None,
            "scope": found.scope if ready else None,
            "agreed": found.agreed,
            "own_questions": {f"prep.own-{one.id}": one.text for one in found.round.questions},
            "goals": [
                {"text": one.text, "owner": one.owner, "parked": one.parked_at is not None}
                for one in told.of(past.goals)
            ],
            "experiences": [
                {"text": one.text, "brought_by": one.brought_by}
                for one in told.of(past.experiences)
            ],
            "outcomes": [
                {
                    "phase": one.phase_key,
                    "kind": one.kind,
                    "text": one.text,
                    "confirmed": one.confirmed_at is not None,
                    "settled": one.settled,
                }
                for one in told.of(past.outcomes)
            ],
            "agreements": [_agreement(one, found) for one in shared_agreements(told)],
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
            "mentor_texts": _of(found, beside.mentors),
            "mentor_questions": [one.text or one.question_key for one in told.of(beside.pinned)],
            "own_texts": _of(found, self.written),
        }


class _Beside:
    """What only the data holds, and no paper."""

    def __init__(self, conversations: list[Conversation], person_id: int) -> None:
        ids = [one.id for one in conversations]
        self.mentors = _by_mentors(ids, person_id)
        self.pinned = _pinned(ids)
        self.ready = _ready(ids, person_id)
        self.standings = standings(conversations)


def _by_mentors(ids: list[int], person_id: int) -> dict[tuple[int, str], list[str]]:
    """What mentors prepared and shared, by conversation and key: several may share a field."""
    entries = db.session.scalars(
        select(Entry)
        .where(
            Entry.conversation_id.in_(ids),
            Entry.owner_id.not_in(_as_pupil(person_id)),
            Entry.visibility == Visibility.SHARED,
        )
        .order_by(Entry.id)
    )
    found: dict[tuple[int, str], list[str]] = {}
    for one in entries:
        if one.text:
            found.setdefault((one.conversation_id, one.key), []).append(one.text)
    return found


def _pinned(ids: list[int]) -> list[MustAnswer]:
    """The questions that mentors pinned and shared."""
    query = (
        select(MustAnswer)
        .where(MustAnswer.conversation_id.in_(ids), MustAnswer.visibility == Visibility.SHARED)
        .order_by(MustAnswer.id)
    )
    return list(db.session.scalars(query))


def _ready(ids: list[int], person_id: int) -> set[int]:
    """Conversations that a mentor is ready for: from then on the pupil reads what sort it is."""
    query = select(Preparation.conversation_id).where(
        Preparation.conversation_id.in_(ids),
        Preparation.owner_id.not_in(_as_pupil(person_id)),
        Preparation.shared_at.is_not(None),
    )
    return set(db.session.scalars(query))


def _as_pupil(person_id: int) -> Select[tuple[int]]:
    return select(Enrolment.id).where(Enrolment.person_id == person_id)


def _of(found: Conversation, texts: dict[tuple[int, str], Text]) -> dict[str, Text]:
    return {key: text for (id_, key), text in texts.items() if id_ == found.id}


def _agreement(one: Agreement, made_in: Conversation) -> dict[str, Any]:
    by_pupil = one.settled_by_id == made_in.pupil_id
    return {
        "party": one.party,
        "party_description": one.party_description,
        "informed_by": one.informed_by,
        "kind": one.kind,
        "what": one.what,
        "due_on": _date(one.due_on),
        "done_when": one.done_when,
        "how": one.how,
        "why": one.why,
        "builds_on": one.outcome.text if one.outcome else None,
        "builds_on_own_question": one.on_own_question,
        "evidence_wanted": one.evidence_wanted,
        "evidence": one.evidence,
        "settled": one.settled,
        "settled_at": one.settled_at.isoformat() if one.settled_at else None,
        "settled_by": (Party.PUPIL if by_pupil else Party.TEACHER) if one.settled_by_id else None,
        "steps": [{"text": step.text, "done": step.done_at is not None} for step in one.steps],
    }


def _time(chosen: OfferedTime | None) -> dict[str, Any] | None:
    """When and where this pupil's conversation is or was."""
    if chosen is None:
        return None
    return {
        "starts_at": chosen.starts_at.isoformat(),
        "minutes": chosen.minutes,
        "place": chosen.place,
        "mentor": chosen.teacher.name,
    }


def _date(value: date | None) -> str | None:
    return value.isoformat() if value else None


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

"""What earlier conversations of this pupil left behind, for the next preparation and guide.

Nothing vanishes by itself: an agreement or a doubt stays open until people settle it.
"""

from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlalchemy import ColumnElement, bindparam, select, true
from sqlalchemy.orm import contains_eager

from lti_tool.access import visit
from lti_tool.conversations import for_the_screen, readable_agreements
from lti_tool.enrolled_now import readable_by
from lti_tool.models import (
    Agreement,
    Conversation,
    Entry,
    Experience,
    Goal,
    Outcome,
    OutcomeKind,
    Party,
    Role,
    State,
    Visibility,
    db,
)

Left = TypeVar("Left", Agreement, Outcome, Goal, Experience)
SAME_FOR_ALL = true()


@dataclass(frozen=True)
class History:
    """Everything shared from the closed conversations before this one, newest first."""

    conversations: list[Conversation] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    """All agreements of those conversations, open and settled."""
    outcomes: list[Outcome] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    experiences: list[Experience] = field(default_factory=list)
    texts: dict[tuple[int, str], str] = field(default_factory=dict)
    """Shared entries of the pupil's rows by (conversation id, key)."""

    def __bool__(self) -> bool:
        """Whether there was any conversation before."""
        return bool(self.conversations)

    @property
    def previous(self) -> Conversation | None:
        """The last closed conversation."""
        return self.conversations[0] if self.conversations else None

    @property
    def open_agreements(self) -> list[Agreement]:
        """Agreements nobody settled yet, of all parties."""
        return [one for one in self.agreements if one.settled is None]

    def open_agreements_of(self, party: Party) -> list[Agreement]:
        """The open ones of one party."""
        return [one for one in self.open_agreements if one.party == party]

    def open_agreements_at(self, phase_key: str) -> list[Agreement]:
        """The open ones that build on an outcome of one phase."""
        return [
            one
            for one in self.open_agreements
            if one.outcome is not None and one.outcome.phase_key == phase_key
        ]

    def open_doubts(self, phase_key: str | None = None) -> list[Outcome]:
        """Doubts nobody settled yet, of all phases or one."""
        return [
            one
            for one in self.outcomes
            if one.kind == OutcomeKind.DOUBT
            and one.settled is None
            and phase_key in {None, one.phase_key}
        ]

    def named(self, phase_key: str) -> list[Outcome]:
        """What was named at a phase, newest conversation first."""
        return [
            one
            for one in self.outcomes
            if one.kind == OutcomeKind.NAMED and one.phase_key == phase_key
        ]

    @property
    def parked_goals(self) -> list[Goal]:
        """Goals of the previous conversation that had to wait."""
        if self.previous is None:
            return []
        return [
            one for one in self.goals if one.parked_at and one.conversation_id == self.previous.id
        ]

    def last(self, key: str) -> str:
        """A shared text of the previous conversation, such as "next.topic"; "" when empty."""
        return self.texts.get((self.previous.id, key), "") if self.previous else ""


def history(conversation: Conversation) -> History:
    """Load what came before `conversation`, in a fixed number of statements."""
    earlier = _closed(conversation.pupil_id)
    if conversation.closed_at is not None:
        moment = conversation.closed_at
        earlier = [one for one in earlier if one.closed_at and one.closed_at < moment]
    past = _load(conversation.pupil_id, [one for one in earlier if one.id != conversation.id])
    return replace(past, agreements=for_the_screen(conversation, past.agreements))


def history_of(pupil_id: int, *, only: Conversation | None = None) -> History:
    """Load all closed conversations of a pupil, or `only` one, however far it is."""
    return _load(pupil_id, [only] if only else _closed(pupil_id))


CLOSED = (
    select(Conversation)
    .join(Conversation.pupil)
    .join(Conversation.round)
    .where(Conversation.pupil_id == bindparam("pupil_id"), Conversation.state == State.CLOSED)
    .options(contains_eager(Conversation.round))
    .order_by(Conversation.closed_at.desc(), Conversation.id.desc())
)


def _closed(pupil_id: int) -> list[Conversation]:
    query = CLOSED
    if visit().role is Role.TEACHER:
        query = query.where(readable_by(visit().enrolment))
    return list(db.session.scalars(query, {"pupil_id": pupil_id}))


def _load(pupil_id: int, earlier: list[Conversation]) -> History:
    if not earlier:
        return History()
    ids = [one.id for one in earlier]
    newest_first = {id_: number for number, id_ in enumerate(ids)}

    def newest_conversation_first(
        kind: type[Left], readable: ColumnElement[bool] = SAME_FOR_ALL
    ) -> list[Left]:
        rows = db.session.scalars(
            select(kind).where(kind.conversation_id.in_(ids), readable).order_by(kind.id)
        )
        return sorted(rows, key=lambda row: newest_first[row.conversation_id])

    entries = db.session.scalars(
        select(Entry).where(
            Entry.conversation_id.in_(ids),
            Entry.owner_id == pupil_id,
            Entry.visibility == Visibility.SHARED,
        )
    )
    return History(
        conversations=earlier,
        agreements=newest_conversation_first(Agreement, readable_agreements()),
        outcomes=newest_conversation_first(Outcome),
        goals=newest_conversation_first(Goal),
        experiences=newest_conversation_first(Experience),
        texts={(one.conversation_id, one.key): one.text for one in entries},
    )

"""What earlier conversations of this pupil left behind, for the next preparation and guide.

Nothing vanishes by itself: an agreement or a doubt stays open until people settle it.
"""

from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlalchemy import ColumnElement, bindparam, func, select, true
from sqlalchemy.orm import contains_eager

from lti_tool.access import visit
from lti_tool.conversations import for_the_screen, readable_agreements
from lti_tool.handover import HELD, is_elsewhere, of_this_pupil, school_passes_on
from lti_tool.models import (
    Agreement,
    Conversation,
    Enrolment,
    Entry,
    Experience,
    Goal,
    Outcome,
    OutcomeKind,
    Party,
    PassedOn,
    Role,
    Round,
    Visibility,
    db,
)
from lti_tool.records import is_first
from lti_tool.who_asks import EnrolmentFacts

Left = TypeVar("Left", Agreement, Outcome, Goal, Experience)
SAME_FOR_ALL = true()


@dataclass(frozen=True)
class History:
    """Everything shared from the conversations held before this one, newest first."""

    conversations: list[Conversation] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    """All agreements of those conversations, open and settled."""
    outcomes: list[Outcome] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    experiences: list[Experience] = field(default_factory=list)
    texts: dict[tuple[int, str], str] = field(default_factory=dict)
    """Shared entries of the pupil's rows by (conversation id, key)."""
    undecided: list[Conversation] = field(default_factory=list)
    """A pupil's conversations of other courses that may still be passed on to this one."""

    def __bool__(self) -> bool:
        """Whether there was any conversation before."""
        return bool(self.conversations)

    @property
    def previous(self) -> Conversation | None:
        """The last conversation held."""
        return self.conversations[0] if self.conversations else None

    @property
    def elsewhere(self) -> list[Conversation]:
        """Those of other courses than this visit's."""
        return [one for one in self.conversations if is_elsewhere(one)]

    def course_of(self, left: Agreement | Outcome | Goal | Experience) -> str:
        """The course it comes from, where there are several to tell apart; else ""."""
        if not self.elsewhere:
            return ""
        return next(
            one.round.course.title for one in self.conversations if one.id == left.conversation_id
        )

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
    """Load what came before `conversation`, in a fixed number of statements.

    Of this course and what was passed on to it: pupil and teacher look at the same.
    """
    earlier, undecided = _before(conversation)
    if conversation.closed_at is not None:
        moment = conversation.closed_at
        earlier = [one for one in earlier if one.held_at < moment]
    past = _load([one for one in earlier if one.id != conversation.id])
    agreements = for_the_screen(conversation, past.agreements)
    return replace(past, agreements=agreements, undecided=undecided)


def history_of(pupil: Enrolment | EnrolmentFacts, *, only: Conversation | None = None) -> History:
    """Load all conversations held with a pupil that this visit reads, or `only` one."""
    return _load([only] if only else _held_with(pupil))


def everything_of(person_id: int) -> History:
    """Load all conversations of a pupil, of every course, as the pupil reads them.

    Held or not; asks for no visit.
    """
    mine = db.session.scalars(WITH_PUPILS.where(Enrolment.person_id == person_id))
    return _load(list(mine), Agreement.visibility == Visibility.SHARED)


WITH_PUPILS = (
    select(Conversation)
    .join(Conversation.pupil)
    .join(Conversation.round)
    .join(Round.course)
    .options(
        contains_eager(Conversation.pupil),
        contains_eager(Conversation.round).contains_eager(Round.course),
    )
    .order_by(
        func.coalesce(
            Conversation.closed_at, Conversation.started_at, Conversation.created_at
        ).desc(),
        Conversation.id.desc(),
    )
)
HELD_WITH = WITH_PUPILS.where(HELD)
# A pupil's own of all courses, each with what was decided for this one. Built once.
OWN = (
    HELD_WITH.add_columns(PassedOn)
    .outerjoin(
        PassedOn,
        (PassedOn.conversation_id == Conversation.id) & (PassedOn.to_id == bindparam("here_id")),
    )
    .where(Enrolment.person_id == bindparam("person_id"))
)


def _held_with(pupil: Enrolment | EnrolmentFacts) -> list[Conversation]:
    return list(db.session.scalars(HELD_WITH.where(of_this_pupil(pupil))))


def _before(conversation: Conversation) -> tuple[list[Conversation], list[Conversation]]:
    """What is read here, and what a pupil may still decide to pass on to this course."""
    if visit().role is Role.TEACHER:
        return _held_with(conversation.pupil), []
    if is_first(conversation):
        return [], []
    me = visit().enrolment
    rows = db.session.execute(OWN, {"here_id": me.id, "person_id": me.person_id}).tuples().all()
    by_school = school_passes_on()
    read_here = [
        one
        for one, decided in rows
        if one.pupil_id == me.id or by_school or (decided and decided.withdrawn_at is None)
    ]
    if by_school:
        return read_here, []
    return read_here, [one for one, decided in rows if one.pupil_id != me.id and decided is None]


def _load(earlier: list[Conversation], readable: ColumnElement[bool] | None = None) -> History:
    if not earlier:
        return History()
    ids = [one.id for one in earlier]
    newest_first = {id_: number for number, id_ in enumerate(ids)}

    def newest_conversation_first(
        kind: type[Left], which: ColumnElement[bool] = SAME_FOR_ALL
    ) -> list[Left]:
        rows = db.session.scalars(
            select(kind).where(kind.conversation_id.in_(ids), which).order_by(kind.id)
        )
        return sorted(rows, key=lambda row: newest_first[row.conversation_id])

    entries = db.session.scalars(
        select(Entry).where(
            Entry.conversation_id.in_(ids),
            Entry.owner_id.in_({one.pupil_id for one in earlier}),
            Entry.visibility == Visibility.SHARED,
        )
    )
    return History(
        conversations=earlier,
        agreements=newest_conversation_first(
            Agreement, readable_agreements() if readable is None else readable
        ),
        outcomes=newest_conversation_first(Outcome),
        goals=newest_conversation_first(Goal),
        experiences=newest_conversation_first(Experience),
        texts={(one.conversation_id, one.key): one.text for one in entries},
    )

"""The rows of one conversation, as its pages would have made them."""

from datetime import datetime, timedelta
from typing import Any

from lti_tool.models import (
    AccessLog,
    Act,
    Agreed,
    Agreement,
    AgreementKind,
    Conversation,
    Entry,
    Experience,
    Goal,
    GoalOwner,
    Outcome,
    OutcomeKind,
    Party,
    Preparation,
    Purpose,
    Scope,
    State,
    Visibility,
    db,
)

LENGTH = timedelta(minutes=40)


class Telling:
    """Adds rows to one conversation; `moment` is when it is closed, or when it is written."""

    def __init__(self, conversation: Conversation, moment: datetime) -> None:
        self.conversation, self.moment = conversation, moment

    def held(self, teacher_id: int) -> None:
        """It was held and closed, with the usual choices."""
        told = self.conversation
        told.state, told.teacher_id = State.CLOSED, teacher_id
        told.started_at, told.closed_at = self.moment - LENGTH, self.moment
        told.purpose, told.scope = Purpose.GUIDANCE, Scope.CAREER
        told.agreed = Agreed.YES
        self.log(teacher_id, Act.STARTED, told.started_at)
        self.log(teacher_id, Act.CLOSED, self.moment)

    def started(self, teacher_id: int) -> None:
        """It is going on."""
        self.conversation.state, self.conversation.teacher_id = State.STARTED, teacher_id
        self.conversation.started_at = self.moment
        self.log(teacher_id, Act.STARTED, self.moment)

    def prepared(self, owner_id: int, texts: dict[str, str], *, sent: bool) -> None:
        """Somebody filled in their preparation, and sent it or not."""
        pupils = owner_id == self.conversation.pupil_id
        draft = Visibility.PUPIL_DRAFT if pupils else Visibility.TEACHER_DRAFT
        moment = self.moment - timedelta(days=1)
        db.session.add(
            Preparation(
                conversation_id=self.conversation.id,
                owner_id=owner_id,
                opened_at=moment,
                shared_at=moment if sent else None,
                at_step="sent" if sent and pupils else "",
            )
        )
        for level in [draft, Visibility.SHARED] if sent else [draft]:
            for key, text in texts.items():
                self.entry(f"prep.{key}", text, owner_id, level)
        if sent:
            self.log(owner_id, Act.SENT, moment)

    def entry(
        self,
        key: str,
        text: str,
        owner_id: int | None = None,
        level: Visibility = Visibility.SHARED,
    ) -> None:
        """A written field, in the pupil's row unless somebody else is named; "" is none."""
        if not text:
            return
        owner_id = owner_id or self.conversation.pupil_id
        db.session.add(
            Entry(
                conversation_id=self.conversation.id,
                owner_id=owner_id,
                key=key,
                visibility=level,
                text=text,
                written_by_id=owner_id,
                written_at=self.moment,
            )
        )

    def goal(self, owner: GoalOwner, text: str, *, parked_because: str | None = None) -> None:
        """A goal; with a reason it had to wait."""
        db.session.add(
            Goal(
                conversation_id=self.conversation.id,
                owner=owner,
                text=text,
                parked_at=self.moment if parked_because else None,
                parked_because=parked_because,
                created_at=self.moment,
            )
        )

    def experience(self, text: str, brought_by: Party = Party.PUPIL) -> None:
        """The experience it was about."""
        db.session.add(
            Experience(
                conversation_id=self.conversation.id,
                text=text,
                brought_by=brought_by,
                anchor=True,
                created_at=self.moment,
            )
        )

    def outcome(self, phase_key: str, kind: OutcomeKind, text: str) -> Outcome:
        """What was named, said so by the pupil and repeated; or what is in doubt."""
        moment = self.moment if kind == OutcomeKind.NAMED else None
        made = Outcome(
            conversation_id=self.conversation.id,
            phase_key=phase_key,
            kind=kind,
            text=text,
            confirmed_at=moment,
            repeated_at=moment,
            created_at=self.moment,
        )
        db.session.add(made)
        return made

    def agreement(self, party: Party, kind: AgreementKind, what: str, **more: Any) -> Agreement:
        """An agreement, open yet."""
        made = Agreement(
            conversation_id=self.conversation.id,
            party=party,
            kind=kind,
            what=what,
            created_at=self.moment,
            **more,
        )
        db.session.add(made)
        return made

    def log(self, enrolment_id: int, act: Act, moment: datetime) -> None:
        """A line of the access log."""
        db.session.add(
            AccessLog(
                enrolment_id=enrolment_id,
                conversation_id=self.conversation.id,
                act=act,
                at=moment,
            )
        )

"""One pupil's years: what is told in each conversation, and what became of what was agreed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, cycle
from random import Random

from lti_tool.instrument_now import instrument_now
from lti_tool.models import (
    Agreement,
    AgreementKind,
    AgreementStep,
    Conversation,
    Enrolment,
    GoalOwner,
    NoAgreement,
    Outcome,
    OutcomeKind,
    Participant,
    Party,
    QuestionMark,
    Settled,
    Visibility,
    db,
    now,
)
from lti_tool.seed.telling import Telling
from lti_tool.seed.terms import Term
from lti_tool.seed.texts import Step, general, stories
from lti_tool.times import local_date

ENDINGS = [Settled.DONE] * 8 + [Settled.NOT_DONE, Settled.DROPPED]


@dataclass
class Years:
    """What is told of one pupil; call in the order of the years."""

    pupil: Enrolment
    random: Random
    steps: Iterator[Step] = field(init=False)
    step: Step = field(init=False)
    is_open: list[Agreement] = field(default_factory=list)
    doubts: list[tuple[Outcome, str]] = field(default_factory=list)
    """Open doubts of the conversation before, and what will have come of them."""
    builds_on: list[tuple[Agreement, Outcome]] = field(default_factory=list)
    """To be linked as soon as the outcomes have their numbers."""
    held: int = 0

    def __post_init__(self) -> None:
        lines = list(stories())
        self.random.shuffle(lines)
        lines[0] = lines[0][self.random.randrange(2) :]
        self.steps = cycle(chain.from_iterable(lines))
        self.step = next(self.steps)

    def hold(self, conversation: Conversation, teacher: Enrolment, term: Term) -> None:
        """Tell a conversation that was held, after settling what was open."""
        moment = term.a_moment(self.random)
        telling = Telling(conversation, moment)
        self.settle(teacher, moment - timedelta(minutes=20))
        self.prepare(telling, sent=True)
        self.prepare_as_teacher(telling, teacher)
        telling.held(teacher.id)
        self._tell_goals(telling)
        # In the course of time pupils bring their experiences themselves (mo-t5).
        self.held += 1
        by = Party.PUPIL if self.random.random() < 0.2 + 0.15 * self.held else Party.TEACHER
        telling.experience(self.step.experience, by)
        quality = self._tell_outcomes(telling)
        self._tell_texts(telling, teacher)
        self._agree(telling, quality)
        self.step = next(self.steps)
        telling.entry("next.topic", self.step.topic)

    def prepare(self, telling: Telling, *, sent: bool) -> None:
        """The pupil's preparation."""
        wish = self.step.wish if sent else self._one("not_yet")
        texts = {"vb-v01": wish, "vb-v02": self.step.topic if sent else ""}
        telling.prepared(self.pupil.id, texts, sent=sent)

    def prepare_as_teacher(self, telling: Telling, teacher: Enrolment) -> None:
        """The teacher's, marked ready."""
        texts = {
            "vb-v01": self._one("teacher_goals"),
            "intended-result": self._sometimes(0.5, "intended_results"),
        }
        telling.prepared(teacher.id, texts, sent=True)

    def settle(self, teacher: Enrolment, moment: datetime) -> None:
        """Say what became of the agreements and doubts of the conversation before."""
        for one in self.is_open:
            if self.random.random() < 0.08:
                continue
            by = self.pupil if one.party == Party.PUPIL and self.random.random() < 0.5 else teacher
            one.settled, one.settled_at = self.random.choice(ENDINGS), moment
            one.settled_by_id = by.id
            if one.evidence_wanted and one.settled == Settled.DONE:
                one.evidence = self._one("evidence")
            for step in one.steps:
                step.done_at = moment if one.settled == Settled.DONE else None
        for doubt, found in self.doubts:
            doubt.settled, doubt.settled_at, doubt.settled_by_id = Settled.DONE, moment, teacher.id
            for one, outcome in self.builds_on:
                if outcome is doubt and one.kind == AgreementKind.ASSIGNMENT:
                    one.settled, one.evidence = Settled.DONE, found
                    one.settled_at, one.settled_by_id = moment, teacher.id
        self.is_open.clear()
        self.doubts.clear()

    def begin(self, conversation: Conversation, teacher: Enrolment) -> None:
        """Tell the conversation that is going on right now."""
        telling = Telling(conversation, now() - timedelta(minutes=15))
        self.prepare(telling, sent=True)
        self.prepare_as_teacher(telling, teacher)
        telling.started(teacher.id)
        self._tell_goals(telling)
        telling.experience(self.step.experience)
        telling.outcome("kwaliteiten", OutcomeKind.NAMED, self.step.quality)

    def _tell_goals(self, telling: Telling) -> None:
        telling.goal(GoalOwner.TOGETHER, self.step.goal)
        if self.random.random() < 0.3:
            telling.goal(GoalOwner.TEACHER, self._one("teacher_goals"))
        if self.random.random() < 0.15:
            parked = self.random.choice(general()["parked"])
            telling.goal(GoalOwner.TEACHER, parked["goal"], parked_because=parked["because"])

    def _tell_outcomes(self, telling: Telling) -> Outcome:
        quality = telling.outcome("kwaliteiten", OutcomeKind.NAMED, self.step.quality)
        telling.outcome("motieven", OutcomeKind.NAMED, self.step.motive)
        if self.step.doubt:
            phase = self.random.choice(("kwaliteiten", "motieven"))
            doubt = telling.outcome(phase, OutcomeKind.DOUBT, self.step.doubt)
            self.doubts.append((doubt, self.step.found))
            due_on = local_date(telling.moment) + timedelta(days=40)
            find_out = telling.agreement(
                Party.PUPIL,
                AgreementKind.ASSIGNMENT,
                self.step.find_out,
                due_on=due_on,
                evidence_wanted=True,
            )
            self.builds_on.append((find_out, doubt))
        telling.entry("conclusion.werk", self.step.where)
        for phase in ("sturing", "netwerken"):
            telling.entry(
                f"conclusion.{phase}", self.random.choice(general()["conclusions"][phase])
            )
        return quality

    def _tell_texts(self, telling: Telling, teacher: Enrolment) -> None:
        telling.entry("note.kwaliteiten", self._sometimes(0.3, "notes"))
        private = self._sometimes(0.25, "private_notes")
        telling.entry("private.kwaliteiten", private, teacher.id, Visibility.TEACHER_PUPIL)
        telling.entry("own-question.text", self._sometimes(0.3, "own_questions"))
        telling.entry("evaluation.af-v01", self._sometimes(0.6, "new_ideas"))
        telling.entry("evaluation.af-v02", self._one("learned"))
        telling.entry("evaluation.af-v03", self._sometimes(0.8, "moods"))
        telling.entry("next.pupil", self._sometimes(0.5, "pupil_prepares"))
        telling.entry("next.teacher", self._sometimes(0.3, "teacher_prepares"))
        telling.entry("next.approach", self._sometimes(0.2, "approaches"))
        asked = self.random.sample(sorted(instrument_now().question_by_key), 9)
        db.session.add_all(
            QuestionMark(
                conversation_id=telling.conversation.id,
                question_key=key,
                asked_at=telling.moment - timedelta(minutes=15),
            )
            for key in asked
        )

    def _agree(self, telling: Telling, quality: Outcome) -> None:
        due_on = local_date(telling.moment) + timedelta(days=self.random.randrange(20, 60))
        action = telling.agreement(
            Party.PUPIL,
            AgreementKind.ACTION,
            self.step.action,
            due_on=due_on,
            done_when=self.step.done_when,
            evidence_wanted=self.random.random() < 0.4,
        )
        if self.random.random() < 0.3:
            steps = self.random.choice(general()["steps"])
            action.steps = [AgreementStep(text=step) for step in steps]
        self.builds_on.append((action, quality))
        self.is_open.append(action)
        if self.random.random() < 0.85:
            kind = self.random.choice(sorted(general()["teacher_agreements"]))
            what = self.random.choice(general()["teacher_agreements"][kind])
            own = telling.agreement(Party.TEACHER, AgreementKind(kind), what, due_on=due_on)
            self.is_open.append(own)
        else:
            db.session.add(
                NoAgreement(
                    conversation_id=telling.conversation.id,
                    party=Party.TEACHER,
                    reason=self._one("no_agreement"),
                )
            )
        if self.random.random() < 0.15:
            self._agree_with_workplace(telling)

    def _agree_with_workplace(self, telling: Telling) -> None:
        workplace = general()["workplace"]
        who, does = self.random.choice(workplace["who"]), self.random.choice(workplace["does"])
        conversation_id = telling.conversation.id
        db.session.add(
            Participant(
                conversation_id=conversation_id,
                party=Party.WORKPLACE,
                description=who,
                present=False,
            )
        )
        made = telling.agreement(
            Party.WORKPLACE,
            AgreementKind.OTHER,
            does,
            party_description=who,
            informed_by=Party.TEACHER,
        )
        self.is_open.append(made)

    def _one(self, name: str) -> str:
        text: str = self.random.choice(general()[name])
        return text

    def _sometimes(self, share: float, name: str) -> str:
        return self._one(name) if self.random.random() < share else ""

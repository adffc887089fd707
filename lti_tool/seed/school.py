"""The invented school: courses whose pupils and mentor stay together for years."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from sqlalchemy import select

from lti_tool.instrument_now import instrument_now
from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    EnrolmentSource,
    Person,
    Remark,
    Role,
    Round,
    State,
    db,
    now,
)
from lti_tool.seed.telling import Telling
from lti_tool.seed.terms import Term, at, terms
from lti_tool.seed.texts import general, people
from lti_tool.seed.times import offer_times
from lti_tool.seed.years import Years
from lti_tool.times import today

MARK = "seed-"
"""Begins every id that a platform would have given."""
HELD_SHARE = 0.25
SHARES = {"sent": 0.35, "begun": 0.15, "untouched": 1.0}
"""Of the pupils whose conversation is still to come."""


def sow(registration_id: int, *, courses: int, pupils: int, rounds: int) -> None:
    """Add the school to a registration; one transaction for the caller to commit."""
    calendar = terms(rounds, today())
    names = _Names(Random("names"))
    for number in range(1, courses + 1):
        _Class(registration_id, number, calendar, names).tell(pupils)
        db.session.flush()
        db.session.expunge_all()


def is_sown(registration_id: int) -> bool:
    """Whether the school is there already."""
    found = select(Course.id).where(
        Course.registration_id == registration_id, Course.context_id.startswith(MARK)
    )
    return db.session.scalar(found.limit(1)) is not None


class _Names:
    """Never the same full name twice, as long as there are others."""

    def __init__(self, random: Random) -> None:
        self.random, self.given_out = random, set[tuple[str, str]]()

    def pupil(self) -> tuple[str, str]:
        families = people()["families"]
        weights = [one["weight"] for one in families]
        for _attempt in range(200):
            family = self.random.choices(families, weights)[0]
            name = self.random.choice(family["given"]), self.random.choice(family["family"])
            if name not in self.given_out:
                break
        self.given_out.add(name)
        return name

    def mentor(self, number: int) -> tuple[str, str]:
        mentors = people()["mentors"]
        given, family = mentors["given"], mentors["family"]
        return given[number % len(given)], family[(number + number // len(given)) % len(family)]


@dataclass
class _Class:
    """One course while it is told."""

    registration_id: int
    number: int
    calendar: list[Term]
    names: _Names
    random: Random = field(init=False)
    course: Course = field(init=False)
    people: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.number)
        titles = people()["courses"]
        title = titles[(self.number - 1) % len(titles)]
        again = (self.number - 1) // len(titles)
        self.course = Course(
            registration_id=self.registration_id,
            context_id=f"{MARK}{self.number}",
            title=f"{title} ({again + 1})" if again else title,
        )
        db.session.add(self.course)
        db.session.flush()

    def tell(self, pupils: int) -> None:
        """Everything, oldest first."""
        mentors = self._mentors()
        rounds = [self._round(index, term) for index, term in enumerate(self.calendar, 1)]
        years = [self._pupil() for _number in range(pupils)]
        told = self._conversations(rounds, years)
        for round_, term, mentor in zip(rounds, self.calendar, mentors, strict=True):
            if not term.is_present:
                for line in years:
                    if (round_.id, line.pupil.id) in told:
                        line.hold(told[round_.id, line.pupil.id], mentor, term)
                continue
            self._present([(line, told[round_.id, line.pupil.id]) for line in years], mentor, term)
        self._remarks(mentors[-1])
        db.session.flush()
        for line in years:
            for agreement, outcome in line.builds_on:
                agreement.outcome_id = outcome.id

    def _mentors(self) -> list[Enrolment]:
        """Who is the mentor in each term: in every third course another one came."""
        present = self._enrol(*self.names.mentor(self.number * 2), Role.TEACHER, self.calendar[0])
        handed_over = len(self.calendar) // 2 if self.number % 3 == 0 else 0
        if not handed_over:
            return [present] * len(self.calendar)
        former = self._enrol(
            *self.names.mentor(self.number * 2 + 1), Role.TEACHER, self.calendar[0]
        )
        term = self.calendar[handed_over]
        former.ended_at = former.seen_at = at(term.first_day, 8) - timedelta(days=20)
        present.first_seen_at = former.ended_at
        return [former] * handed_over + [present] * (len(self.calendar) - handed_over)

    def _pupil(self) -> Years:
        """One in eight came a year later."""
        late = self.random.random() < 0.125 and len(self.calendar) > 2
        since = self.calendar[2 if late else 0]
        pupil = self._enrol(*self.names.pupil(), Role.PUPIL, since)
        return Years(pupil, Random(f"{self.number}/{self.people}"))

    def _enrol(self, given_name: str, family_name: str, role: Role, since: Term) -> Enrolment:
        self.people += 1
        person = Person(
            registration_id=self.registration_id,
            sub=f"{MARK}{self.number}-{self.people}",
            name=f"{given_name} {family_name}",
            given_name=given_name,
            family_name=family_name,
        )
        db.session.add(person)
        db.session.flush()
        enrolment = Enrolment(
            person_id=person.id,
            course_id=self.course.id,
            role=role,
            source=EnrolmentSource.LAUNCH,
            first_seen_at=at(since.first_day, 8) - timedelta(days=25),
            seen_at=now(),
        )
        db.session.add(enrolment)
        db.session.flush()
        return enrolment

    def _round(self, index: int, term: Term) -> Round:
        round_ = Round(
            course_id=self.course.id,
            title=f"Loopbaangesprek {term.period}",
            period=term.period,
            key=f"{MARK}{self.number}-{index}",
            resource_link_id=f"{MARK}{self.number}-{index}",
            due_on=term.due_on,
            school_year=term.school_year,
            created_at=at(term.first_day, 8) - timedelta(days=14),
        )
        db.session.add(round_)
        db.session.flush()
        return round_

    def _conversations(
        self, rounds: list[Round], years: list[Years]
    ) -> dict[tuple[int, int], Conversation]:
        """One for each pupil who was there, by round and pupil."""
        version = instrument_now().version
        made = [
            Conversation(
                pupil_id=line.pupil.id,
                round_id=round_.id,
                instrument_version=version,
                created_at=round_.created_at,
            )
            for round_ in rounds
            for line in years
            if line.pupil.first_seen_at <= round_.created_at
        ]
        db.session.add_all(made)
        db.session.flush()
        return {(one.round_id, one.pupil_id): one for one in made}

    def _present(
        self, lines: list[tuple[Years, Conversation]], mentor: Enrolment, term: Term
    ) -> None:
        """This year's round: some held, one going on, some put off, the others in all stages."""
        lines = self.random.sample(lines, len(lines))
        held = round(len(lines) * HELD_SHARE)
        for line, conversation in lines[:held]:
            line.hold(conversation, mentor, term)
        apart = [State.STARTED, State.ABSENT, State.POSTPONED]
        rest = lines[held:]
        for state, (line, conversation) in zip(apart, rest, strict=False):
            if state is State.STARTED:
                line.begin(conversation, mentor)
            else:
                conversation.state = state
                conversation.planned_for = today() + timedelta(days=self.random.randrange(5, 20))
        for line, conversation in rest[len(apart) :]:
            self._to_come(line, Telling(conversation, now()), mentor)
        round_ = db.session.get_one(Round, lines[0][1].round_id)
        offer_times(round_, mentor, [conversation for _line, conversation in rest[len(apart) :]])

    def _to_come(self, line: Years, telling: Telling, mentor: Enrolment) -> None:
        drawn = self.random.random()
        if drawn < SHARES["sent"]:
            line.prepare(telling, sent=True)
            telling.conversation.planned_for = today() + timedelta(
                days=self.random.randrange(1, 15)
            )
            if self.random.random() < 0.3:
                line.prepare_as_teacher(telling, mentor)
        elif drawn < SHARES["sent"] + SHARES["begun"]:
            line.prepare(telling, sent=False)

    def _remarks(self, mentor: Enrolment) -> None:
        db.session.add_all(
            Remark(person_id=mentor.person_id, phase_key=key, text=text)
            for key, text in general()["remarks"].items()
        )

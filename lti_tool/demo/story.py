"""The demo's story: one class with a closed round behind it and a round under way.

Told once, into an empty database, as rows; the people are those of the demo LMS (invented).
"""

from datetime import timedelta
from itertools import cycle

from flask import Flask
from sqlalchemy import select

from lti_tool.demo.school import Activity, School
from lti_tool.demo.story_texts import CLOSED, PREPARED, Closed
from lti_tool.enrolments import add_missing_conversations
from lti_tool.models import (
    Agreed,
    Agreement,
    AgreementKind,
    Conversation,
    Course,
    Enrolment,
    EnrolmentSource,
    Entry,
    Experience,
    Goal,
    GoalOwner,
    Outcome,
    OutcomeKind,
    Party,
    Person,
    Preparation,
    Purpose,
    Registration,
    Role,
    Round,
    Scope,
    State,
    Visibility,
    db,
    now,
)
from lti_tool.times import today


def tell(app: Flask, *, school: School, issuer: str, client_id: str) -> None:
    """Add the class to the registration's course, unless it is there already."""
    with app.app_context():
        registration = db.session.scalars(
            select(Registration).where(
                Registration.issuer == issuer, Registration.client_id == client_id
            )
        ).one()
        there = db.session.scalar(
            select(Course.id).where(
                Course.registration_id == registration.id, Course.context_id == school.course_id
            )
        )
        if there is None:
            _Teller(registration, school).tell()
            db.session.commit()


class _Teller:
    """Holds the rows while they are made."""

    def __init__(self, registration: Registration, school: School) -> None:
        self.registration, self.school = registration, school
        self.course = Course(
            registration_id=registration.id,
            context_id=school.course_id,
            title=school.course_title,
        )
        db.session.add(self.course)
        db.session.flush()

    def tell(self) -> None:
        people = [one for one in self.school.people if one.role in {"mentor", "pupil"}]
        enrolments = {
            one.id: self._enrol(one.id, one.given_name, one.family_name, one.role) for one in people
        }
        mentor = next(enrolments[one.id] for one in people if one.role == "mentor")
        pupils = [enrolments[one.id] for one in people if one.role == "pupil"]
        earlier, present = (self._round(one) for one in self.school.activities[:2])
        for pupil, closed in zip(pupils, cycle(CLOSED), strict=False):
            self._closed(self._conversation(pupil, earlier), mentor, closed)
        present.due_on = today() + timedelta(days=7)
        present.reports_preparation = True
        for pupil, (goal, topic, sent) in zip(pupils, PREPARED, strict=False):
            self._prepared(self._conversation(pupil, present), pupil, goal, topic, sent)
        self._held_and_put_off(pupils, present, mentor)

    def _enrol(self, sub: str, given_name: str, family_name: str, role: str) -> Enrolment:
        person = Person(
            registration_id=self.registration.id,
            sub=sub,
            name=f"{given_name} {family_name}",
            given_name=given_name,
            family_name=family_name,
        )
        db.session.add(person)
        db.session.flush()
        enrolment = Enrolment(
            person_id=person.id,
            course_id=self.course.id,
            role=Role.TEACHER if role == "mentor" else Role.PUPIL,
            source=EnrolmentSource.LAUNCH,
        )
        db.session.add(enrolment)
        db.session.flush()
        return enrolment

    def _round(self, activity: Activity) -> Round:
        round_ = Round(
            course_id=self.course.id,
            resource_link_id=activity.id,
            title=activity.title,
            key=activity.custom["lob_round"],
        )
        db.session.add(round_)
        db.session.flush()
        add_missing_conversations(round_)
        return round_

    def _conversation(self, pupil: Enrolment, round_: Round) -> Conversation:
        return db.session.scalars(
            select(Conversation).where(
                Conversation.pupil_id == pupil.id, Conversation.round_id == round_.id
            )
        ).one()

    def _entry(self, conversation: Conversation, key: str, text: str, owner: int) -> None:
        db.session.add(
            Entry(
                conversation_id=conversation.id,
                owner_id=owner,
                key=key,
                visibility=Visibility.SHARED,
                text=text,
                written_by_id=owner,
            )
        )

    def _closed(self, conversation: Conversation, mentor: Enrolment, told: Closed) -> None:
        moment = now() - timedelta(days=120)
        conversation.state, conversation.teacher_id = State.CLOSED, mentor.id
        conversation.started_at, conversation.closed_at = moment - timedelta(minutes=35), moment
        conversation.purpose, conversation.scope = Purpose.GUIDANCE, Scope.CAREER
        conversation.agreed = Agreed.YES
        add = db.session.add
        add(Goal(conversation_id=conversation.id, owner=GoalOwner.TOGETHER, text=told.goal))
        if told.parked:
            add(
                Goal(
                    conversation_id=conversation.id,
                    owner=GoalOwner.TEACHER,
                    text=told.parked,
                    parked_at=moment,
                    parked_because=told.parked_because,
                )
            )
        add(
            Experience(
                conversation_id=conversation.id,
                text=told.experience,
                brought_by=Party.PUPIL,
                anchor=True,
            )
        )
        add(
            Outcome(
                conversation_id=conversation.id,
                phase_key="kwaliteiten",
                kind=OutcomeKind.NAMED,
                text=told.quality,
                confirmed_at=moment,
                repeated_at=moment,
            )
        )
        if told.doubt:
            add(
                Outcome(
                    conversation_id=conversation.id,
                    phase_key="motieven",
                    kind=OutcomeKind.DOUBT,
                    text=told.doubt,
                )
            )
        pupils_own = {
            "prep.vb-v01": told.pupil_goal,
            "conclusion.kwaliteiten": told.conclusion,
            "evaluation.af-v02": told.learned,
            "next.topic": told.next_topic,
        }
        for key, text in pupils_own.items():
            self._entry(conversation, key, text, conversation.pupil_id)
        for party, kind, what in (
            (Party.PUPIL, AgreementKind.ACTION, told.pupil_does),
            (Party.TEACHER, AgreementKind.LOOK_UP, told.mentor_does),
        ):
            add(
                Agreement(
                    conversation_id=conversation.id,
                    party=party,
                    kind=kind,
                    what=what,
                    due_on=today() - timedelta(days=60),
                    done_when=told.done_when if party is Party.PUPIL else "",
                )
            )

    def _prepared(
        self, conversation: Conversation, pupil: Enrolment, goal: str, topic: str, sent: bool
    ) -> None:
        preparation = Preparation(conversation_id=conversation.id, owner_id=pupil.id)
        db.session.add(preparation)
        levels = [Visibility.PUPIL_DRAFT, Visibility.SHARED] if sent else [Visibility.PUPIL_DRAFT]
        for level in levels:
            for key, text in (("prep.vb-v01", goal), ("prep.vb-v02", topic)):
                db.session.add(
                    Entry(
                        conversation_id=conversation.id,
                        owner_id=pupil.id,
                        key=key,
                        visibility=level,
                        text=text,
                        written_by_id=pupil.id,
                    )
                )
        preparation.shared_at = now() - timedelta(days=1) if sent else None

    def _held_and_put_off(self, pupils: list[Enrolment], round_: Round, mentor: Enrolment) -> None:
        """The last three: held this week, absent, and put off."""
        held, absent, put_off = (self._conversation(one, round_) for one in pupils[-3:])
        self._closed(held, mentor, CLOSED[-1])
        held.closed_at = now() - timedelta(days=2)
        held.started_at = held.closed_at - timedelta(minutes=40)
        absent.state = State.ABSENT
        put_off.state, put_off.planned_for = State.POSTPONED, today() + timedelta(days=14)

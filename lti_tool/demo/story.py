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
    AgreementKind,
    Conversation,
    Coordinator,
    Course,
    Enrolment,
    EnrolmentSource,
    GoalOwner,
    OutcomeKind,
    Party,
    Person,
    Reach,
    Registration,
    Role,
    Round,
    State,
    db,
    now,
)
from lti_tool.seed.telling import Telling
from lti_tool.seed.times import offer_times
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
        db.session.add(Coordinator(person_id=mentor.person_id, reach=Reach.SCHOOL))
        pupils = [enrolments[one.id] for one in people if one.role == "pupil"]
        earlier, present = (self._round(one) for one in self.school.activities[:2])
        for pupil, closed in zip(pupils, cycle(CLOSED), strict=False):
            telling = Telling(self._conversation(pupil, earlier), now() - timedelta(days=120))
            self._closed(telling, mentor, closed)
        present.due_on = today() + timedelta(days=7)
        present.reports_preparation = True
        for pupil, (goal, topic, sent) in zip(pupils, PREPARED, strict=False):
            telling = Telling(self._conversation(pupil, present), now())
            telling.prepared(pupil.id, {"vb-v01": goal, "vb-v02": topic}, sent=sent)
        self._held_and_put_off(pupils, present, mentor)
        offer_times(present, mentor, [self._conversation(one, present) for one in pupils[1:-3]])

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

    def _closed(self, telling: Telling, mentor: Enrolment, told: Closed) -> None:
        telling.held(mentor.id)
        telling.goal(GoalOwner.TOGETHER, told.goal)
        if told.parked:
            telling.goal(GoalOwner.TEACHER, told.parked, parked_because=told.parked_because)
        telling.experience(told.experience)
        telling.outcome("kwaliteiten", OutcomeKind.NAMED, told.quality)
        if told.doubt:
            telling.outcome("motieven", OutcomeKind.DOUBT, told.doubt)
        telling.entry("prep.vb-v01", told.pupil_goal)
        telling.entry("conclusion.kwaliteiten", told.conclusion)
        telling.entry("evaluation.af-v02", told.learned)
        telling.entry("next.topic", told.next_topic)
        due_on = today() - timedelta(days=60)
        telling.agreement(
            Party.PUPIL,
            AgreementKind.ACTION,
            told.pupil_does,
            due_on=due_on,
            done_when=told.done_when,
        )
        telling.agreement(Party.TEACHER, AgreementKind.LOOK_UP, told.mentor_does, due_on=due_on)

    def _held_and_put_off(self, pupils: list[Enrolment], round_: Round, mentor: Enrolment) -> None:
        """The last three: held this week, absent, and put off."""
        held, absent, put_off = (self._conversation(one, round_) for one in pupils[-3:])
        self._closed(Telling(held, now() - timedelta(days=2)), mentor, CLOSED[-1])
        absent.state = State.ABSENT
        put_off.state, put_off.planned_for = State.POSTPONED, today() + timedelta(days=14)

"""Gathering what a mail says, the same way for the preview and for the mail itself."""

from sqlalchemy import select

from lti_tool.lti.addresses import activity_address
from lti_tool.mail.texts import Facts
from lti_tool.models import (
    Agreement,
    Conversation,
    Course,
    Enrolment,
    MailKind,
    Person,
    Round,
    Visibility,
    db,
)
from lti_tool.times import local_date
from lti_tool.who_asks import CourseFacts


def facts_of(
    kind: MailKind,
    round_: Round,
    course: Course | CourseFacts,
    *,
    teacher: str,
    pupil: Enrolment | None,
) -> Facts:
    """`pupil`: whom it is for, with their person loaded; None for a text to a whole class."""
    conversation, days = None, []
    if kind is MailKind.AGREEMENTS and pupil is not None:
        conversation = db.session.scalar(
            select(Conversation).where(
                Conversation.round_id == round_.id, Conversation.pupil_id == pupil.id
            )
        )
        days = list(
            db.session.scalars(
                select(Agreement.due_on)
                .join(Agreement.conversation)
                .where(
                    Conversation.round_id == round_.id,
                    Conversation.pupil_id == pupil.id,
                    Agreement.visibility == Visibility.SHARED,
                )
            )
        )
    closed_at = conversation.closed_at if conversation else None
    return Facts(
        kind=kind,
        round_name=round_.name,
        course_title=course.title,
        activity_title=round_.title if round_.resource_link_id else "",
        link=activity_address(course.address, round_.resource_link_id),
        due_on=round_.due_on,
        given_name=pupil.person.given_name if pupil else "",
        teacher=teacher,
        held_on=local_date(closed_at) if closed_at else None,
        agreements=len(days),
        days=tuple(sorted({one for one in days if one is not None})),
    )


def name_of(enrolment_id: int | None) -> str:
    """The name of the teacher who mails; "" when it is not known."""
    found = db.session.scalar(
        select(Person.name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.id == enrolment_id)
    )
    return found or ""

"""Who a mail is for: pupils of the round who are in the class, no observers and no test users.

| mail | for whom | not again |
|---|---|---|
| invitation | who has not sent the preparation | once in a round |
| reminder | the same | once a day |
| agreements | whose conversation is closed with an agreement they may read | once in a round |

What failed or was dropped counts as not mailed.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import contains_eager

from lti_tool.enrolled_now import readable_by
from lti_tool.models import (
    BEFORE_START,
    Agreement,
    Conversation,
    Enrolment,
    Mail,
    MailAddress,
    Mailing,
    MailKind,
    MailState,
    Person,
    Preparation,
    Role,
    Round,
    State,
    Visibility,
    db,
)
from lti_tool.names import by_family_name
from lti_tool.who_asks import EnrolmentFacts

ON_ITS_WAY = (MailState.WAITING, MailState.SENT)


@dataclass(frozen=True)
class Recipients:
    """Pupils in the order of a class list."""

    reached: list[Enrolment]
    without_address: list[Enrolment]
    mailed: int
    """How many it is for who were mailed already."""


def recipients(
    kind: MailKind,
    round_: Round,
    teacher: Enrolment | EnrolmentFacts,
    *,
    today: date,
    pupil_id: int | None = None,
) -> Recipients:
    """Find them, in one statement; `pupil_id` narrows it down to one."""
    query = (
        select(Enrolment, MailAddress.id, _mailed(kind, round_, today))
        .select_from(Conversation)
        .join(Conversation.pupil)
        .join(Conversation.round)
        .join(Enrolment.person)
        .outerjoin(MailAddress, MailAddress.person_id == Person.id)
        .where(
            Conversation.round_id == round_.id,
            Enrolment.ended_at.is_(None),
            Enrolment.role == Role.PUPIL,
            Person.test_user.is_(False),
            readable_by(teacher),
            wanted(kind),
        )
        .options(contains_eager(Enrolment.person))
    )
    if pupil_id is not None:
        query = query.where(Enrolment.id == pupil_id)
    rows = list(db.session.execute(query).tuples())
    rows.sort(key=lambda row: by_family_name(row[0].person))
    left = [(pupil, address) for pupil, address, mailed in rows if not mailed]
    return Recipients(
        reached=[pupil for pupil, address in left if address is not None],
        without_address=[pupil for pupil, address in left if address is None],
        mailed=len(rows) - len(left),
    )


def wanted(kind: MailKind) -> ColumnElement[bool]:
    """For a query over `Conversation`: whether such a mail has a point now."""
    if kind is MailKind.AGREEMENTS:
        shared = exists(
            select(Agreement.id).where(
                Agreement.conversation_id == Conversation.id,
                Agreement.visibility == Visibility.SHARED,
            )
        )
        return (Conversation.state == State.CLOSED) & shared
    sent = exists(
        select(Preparation.id).where(
            Preparation.conversation_id == Conversation.id,
            Preparation.owner_id == Conversation.pupil_id,
            Preparation.shared_at.is_not(None),
        )
    )
    return Conversation.state.in_(BEFORE_START) & ~sent


def _mailed(kind: MailKind, round_: Round, today: date) -> ColumnElement[bool]:
    query = (
        select(Mail.id)
        .join(Mailing, Mailing.id == Mail.mailing_id)
        .where(
            Mail.enrolment_id == Enrolment.id,
            Mail.state.in_(ON_ITS_WAY),
            Mailing.round_id == round_.id,
            Mailing.kind == kind,
        )
    )
    if kind is MailKind.REMINDER:
        query = query.where(Mailing.day == today)
    return exists(query)

"""A sent preparation reported to the gradebook as completed: in the background, once per pupil.

Only where the teacher chose it for the round, only pupils, never a judgement and never a text.
What was not accepted for good stands on the course page until the teacher lets it try again.
"""

from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, exists, func, or_, select, update

from lti_tool.background import Job, ask, leave_database
from lti_tool.enrolled_now import readable_by
from lti_tool.lti.connector import Connector
from lti_tool.lti.scores import find_or_make_column, may_report, send_completed
from lti_tool.lti.web import ServiceFailed
from lti_tool.models import (
    Conversation,
    Course,
    Enrolment,
    GradeReport,
    Person,
    Preparation,
    ReportState,
    Role,
    Round,
    Task,
    db,
    now,
)
from lti_tool.who_asks import EnrolmentFacts

log = structlog.get_logger("grades")

MOST_COLUMNS = 3
"""A report whose columns get lost is not sent into a fourth one."""


def offered(course: Course, round_: Round) -> bool:
    """Whether this course's platform lets us report this round."""
    has_column = bool(round_.lineitem_url)
    if not has_column and not course.lineitems_url:
        return False
    return may_report(course.grade_scopes, has_column=has_column)


def report_sent(conversation: Conversation, sent_at: datetime) -> None:
    """A pupil sent the preparation. Writes in the caller's transaction; does nothing twice."""
    round_ = conversation.round
    if round_.reports_preparation:
        _report(round_, conversation.pupil_id, sent_at)


def report_all_sent(round_: Round) -> None:
    """The teacher chose to report: also what was sent before. Writes in that transaction.

    Each save of the round asks for it: pupils whose report waits or arrived are not looked at.
    """
    rows = db.session.execute(
        select(Conversation.pupil_id, Preparation.shared_at, GradeReport)
        .join(Conversation.pupil)
        .join(Enrolment.person)
        .join(
            Preparation,
            (Preparation.conversation_id == Conversation.id)
            & (Preparation.owner_id == Conversation.pupil_id),
        )
        .outerjoin(
            GradeReport,
            (GradeReport.round_id == Conversation.round_id)
            & (GradeReport.enrolment_id == Conversation.pupil_id),
        )
        .where(
            Conversation.round_id == round_.id,
            Preparation.shared_at.is_not(None),
            Enrolment.role == Role.PUPIL,
            Enrolment.ended_at.is_(None),
            Person.test_user.is_(False),
            or_(GradeReport.id.is_(None), GradeReport.state == ReportState.FAILED),
        )
    )
    reports = [
        _waiting(round_, pupil_id, sent_at, report)
        for pupil_id, sent_at, report in rows.tuples().all()
        if sent_at
    ]
    _ask(round_, reports)


def try_again(round_id: int) -> None:
    """Give every failed report of the round a new chance. Writes in the caller's transaction."""
    failed = db.session.scalars(
        select(GradeReport).where(
            GradeReport.round_id == round_id, GradeReport.state == ReportState.FAILED
        )
    )
    reports = failed.all()
    for report in reports:
        report.state, report.attempts = ReportState.WAITING, 0
    _ask(db.session.get_one(Round, round_id), reports)


def counts(
    round_id: int, teacher: Enrolment | EnrolmentFacts
) -> tuple[dict[ReportState, int], str]:
    """How many reports of the pupils this teacher sees are where, and why the failed ones did."""
    rows = db.session.execute(
        select(GradeReport.state, func.count(), func.max(GradeReport.reason))
        .where(GradeReport.round_id == round_id, _seen_by(teacher))
        .group_by(GradeReport.state)
    )
    found = {state: (number, reason) for state, number, reason in rows.tuples()}
    reason = found.get(ReportState.FAILED, (0, ""))[1]
    return {state: number for state, (number, _reason) in found.items()}, reason


def _report(round_: Round, pupil_id: int, sent_at: datetime) -> None:
    pupil = db.session.get_one(Enrolment, pupil_id)
    if pupil.role is not Role.PUPIL or db.session.get_one(Person, pupil.person_id).test_user:
        return
    report = db.session.scalars(
        select(GradeReport).where(
            GradeReport.round_id == round_.id, GradeReport.enrolment_id == pupil_id
        )
    ).one_or_none()
    if report is None or report.state is ReportState.FAILED:
        _ask(round_, [_waiting(round_, pupil_id, sent_at, report)])


def _waiting(
    round_: Round, pupil_id: int, sent_at: datetime, report: GradeReport | None
) -> GradeReport:
    """The report of a pupil who had none, or whose report failed."""
    if report is None:
        report = GradeReport(round_id=round_.id, enrolment_id=pupil_id, completed_at=sent_at)
        db.session.add(report)
    report.state, report.attempts, report.completed_at = ReportState.WAITING, 0, sent_at
    return report


def _ask(round_: Round, reports: Sequence[GradeReport]) -> None:
    """A round without a column gets one first; that task asks for its reports."""
    db.session.flush()
    if round_.lineitem_url:
        for report in reports:
            ask(Task.REPORT_GRADE, report.id)
    elif reports:
        ask(Task.MAKE_COLUMN, round_.id, anew=False)


def make_column(round_id: int) -> None:
    """Find or make the round's column, then ask for its reports. Raises ServiceFailed."""
    round_ = db.session.get(Round, round_id)
    if round_ is None or not round_.reports_preparation:
        return
    course = db.session.get_one(Course, round_.course_id)
    if not round_.lineitem_url:
        if not offered(course, round_):
            raise ServiceFailed("not_offered")
        url, key, label = course.lineitems_url, round_.key, round_.title
        link_id = round_.resource_link_id
        connector = Connector(course.registration)
        leave_database()
        column = find_or_make_column(connector, url, key=key, label=label, resource_link_id=link_id)
        round_ = db.session.get_one(Round, round_id)
        round_.lineitem_url = round_.lineitem_url or column
    waiting = db.session.scalars(
        select(GradeReport.id).where(
            GradeReport.round_id == round_id, GradeReport.state == ReportState.WAITING
        )
    )
    for report_id in waiting.all():
        ask(Task.REPORT_GRADE, report_id)
    db.session.commit()


def column_failed(round_id: int, reason: str, again_at: datetime | None) -> None:
    """Every report that waits for the column waits on, or failed with it."""
    values: dict[str, object] = {"reason": reason}
    if again_at is None:
        values["state"] = ReportState.FAILED
    db.session.execute(
        update(GradeReport)
        .where(GradeReport.round_id == round_id, GradeReport.state == ReportState.WAITING)
        .values(**values)
    )


def report(report_id: int) -> None:
    """Send one report. Raises ServiceFailed."""
    row = db.session.get(GradeReport, report_id)
    if row is None or row.state is not ReportState.WAITING:
        return
    round_ = db.session.get_one(Round, row.round_id)
    pupil = db.session.get_one(Enrolment, row.enrolment_id)
    if not round_.reports_preparation or pupil.role is not Role.PUPIL:
        db.session.delete(row)
        db.session.commit()
        return
    if not pupil.active:
        raise ServiceFailed("not_in_course")  # kept: they may come back
    if not round_.lineitem_url:
        ask(Task.MAKE_COLUMN, round_.id, anew=False)
        db.session.commit()
        return
    connector = Connector(db.session.get_one(Course, round_.course_id).registration)
    sub = db.session.get_one(Person, pupil.person_id).sub
    column, completed_at = round_.lineitem_url, row.completed_at
    leave_database()
    try:
        new = send_completed(connector, column, sub=sub, completed_at=completed_at)
    except ServiceFailed as failure:
        if failure.reason not in {"not_found", "gone"} or not _look_anew(report_id, column):
            raise
        return
    _sent(report_id)
    log.info("grades", verdict="sent" if new else "already_known", report=report_id)


def report_failed(report_id: int, reason: str, again_at: datetime | None) -> None:
    """Remember why; the course page shows what failed for good."""
    row = db.session.get(GradeReport, report_id)
    if row is not None and row.state is ReportState.WAITING:
        row.attempts, row.reason = row.attempts + 1, reason
        if again_at is None:
            row.state = ReportState.FAILED


COLUMN_JOB = Job(attempt=make_column, failed=column_failed)
REPORT_JOB = Job(attempt=report, failed=report_failed)


def _sent(report_id: int) -> None:
    row = db.session.get_one(GradeReport, report_id)
    row.attempts, row.state, row.reason, row.sent_at = row.attempts + 1, ReportState.SENT, "", now()
    db.session.commit()


def _look_anew(report_id: int, column: str) -> bool:
    """The column is gone: forget it and look for, or make, another; not for ever."""
    row = db.session.get_one(GradeReport, report_id)
    round_ = db.session.get_one(Round, row.round_id)
    course = db.session.get_one(Course, round_.course_id)
    row.attempts += 1
    if row.attempts >= MOST_COLUMNS or not course.lineitems_url:
        db.session.rollback()
        return False
    if round_.lineitem_url == column:
        round_.lineitem_url = ""
    ask(Task.MAKE_COLUMN, round_.id, anew=False)
    db.session.commit()
    log.warning("grades", verdict="column_gone", round=round_.id)
    return True


def _seen_by(teacher: Enrolment | EnrolmentFacts) -> ColumnElement[bool]:
    """Reports of pupils who are in the class, no test users, and on this teacher's page."""
    return exists(
        select(Enrolment.id)
        .join(Person, Person.id == Enrolment.person_id)
        .join(Conversation, Conversation.pupil_id == Enrolment.id)
        .join(Round, Round.id == Conversation.round_id)
        .where(
            Enrolment.id == GradeReport.enrolment_id,
            Round.id == GradeReport.round_id,
            Enrolment.role == Role.PUPIL,
            Enrolment.ended_at.is_(None),
            Person.test_user.is_(False),
            readable_by(teacher),
        )
    )

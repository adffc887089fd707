"""The records. Every identity is unique, every state stands under a CHECK, constraints have names.

Free text about a person is an `EncryptedText` in a table with a `visibility` column.
"""

from lti_tool.models.access_log import AccessLog, Act
from lti_tool.models.agreement import Agreement, AgreementKind, AgreementStep, NoAgreement
from lti_tool.models.base import Visibility, db, now
from lti_tool.models.conversation import (
    BEFORE_START,
    Agreed,
    Chair,
    Conversation,
    Entry,
    Participant,
    Party,
    Preparation,
    Purpose,
    Round,
    Scope,
    State,
)
from lti_tool.models.course import Course, Enrolment, EnrolmentSource, Person, Role
from lti_tool.models.launch import LaunchSession, LaunchState, PendingLaunch
from lti_tool.models.outcome import (
    Experience,
    Goal,
    GoalOwner,
    Outcome,
    OutcomeKind,
    QuestionMark,
    Settled,
)
from lti_tool.models.platform import Deployment, Registration, ToolKey
from lti_tool.models.teacher import MustAnswer, OwnQuestion, Remark
from lti_tool.models.transactions import write_aside, writes

__all__ = [
    "BEFORE_START",
    "AccessLog",
    "Act",
    "Agreed",
    "Agreement",
    "AgreementKind",
    "AgreementStep",
    "Chair",
    "Conversation",
    "Course",
    "Deployment",
    "Enrolment",
    "EnrolmentSource",
    "Entry",
    "Experience",
    "Goal",
    "GoalOwner",
    "LaunchSession",
    "LaunchState",
    "MustAnswer",
    "NoAgreement",
    "Outcome",
    "OutcomeKind",
    "OwnQuestion",
    "Participant",
    "Party",
    "PendingLaunch",
    "Person",
    "Preparation",
    "Purpose",
    "QuestionMark",
    "Registration",
    "Remark",
    "Role",
    "Round",
    "Scope",
    "Settled",
    "State",
    "ToolKey",
    "Visibility",
    "db",
    "now",
    "write_aside",
    "writes",
]

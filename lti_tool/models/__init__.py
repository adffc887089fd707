"""The records. Every identity is unique, every state stands under a CHECK, constraints have names.

Free text about a person is an `EncryptedText` in a table with a `visibility` column.
"""

from lti_tool.models.access_log import AccessLog, Act
from lti_tool.models.agreement import Agreement, AgreementKind, AgreementStep, NoAgreement
from lti_tool.models.background import GradeReport, Outbox, ReportState, Task
from lti_tool.models.bank import SCHOOL, QuestionPlace, SchoolHidden, SchoolQuestion
from lti_tool.models.base import Visibility, db, now, table_of
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
    RoundQuestion,
    Scope,
    State,
)
from lti_tool.models.coordinator import Coordinator, Reach
from lti_tool.models.correction import Correction
from lti_tool.models.course import (
    CopyDecision,
    Course,
    Enrolment,
    EnrolmentSource,
    Person,
    Role,
    RosterState,
    nameless,
)
from lti_tool.models.language import Language
from lti_tool.models.launch import LaunchSession, LaunchState, PendingLaunch, Proof
from lti_tool.models.mail import Mail, MailAddress, Mailing, MailKind, MailState
from lti_tool.models.outcome import (
    Experience,
    Goal,
    GoalOwner,
    Outcome,
    OutcomeKind,
    QuestionMark,
    Settled,
    Verdict,
)
from lti_tool.models.passed_on import PassedOn
from lti_tool.models.planning import LONGEST, SHORTEST, OfferedTime
from lti_tool.models.platform import Deployment, Registration, RegistrationLink, ToolKey
from lti_tool.models.reading import READING, engine_settings
from lti_tool.models.reflection import NextStep, QuestionRemark, QuestionTally
from lti_tool.models.school import SchoolWords
from lti_tool.models.school_year import (
    school_year_of,
    school_zone,
    start_of_school_year,
    this_school_year,
)
from lti_tool.models.teacher import OWN, MustAnswer, OwnQuestion, Remark
from lti_tool.models.transactions import (
    listen,
    read_alone,
    write_alone,
    write_aside,
    writes,
    writes_alone,
)

__all__ = [
    "BEFORE_START",
    "LONGEST",
    "OWN",
    "READING",
    "SCHOOL",
    "SHORTEST",
    "AccessLog",
    "Act",
    "Agreed",
    "Agreement",
    "AgreementKind",
    "AgreementStep",
    "Chair",
    "Conversation",
    "Coordinator",
    "CopyDecision",
    "Correction",
    "Course",
    "Deployment",
    "Enrolment",
    "EnrolmentSource",
    "Entry",
    "Experience",
    "Goal",
    "GoalOwner",
    "GradeReport",
    "Language",
    "LaunchSession",
    "LaunchState",
    "Mail",
    "MailAddress",
    "MailKind",
    "MailState",
    "Mailing",
    "MustAnswer",
    "NextStep",
    "NoAgreement",
    "OfferedTime",
    "Outbox",
    "Outcome",
    "OutcomeKind",
    "OwnQuestion",
    "Participant",
    "Party",
    "PassedOn",
    "PendingLaunch",
    "Person",
    "Preparation",
    "Proof",
    "Purpose",
    "QuestionMark",
    "QuestionPlace",
    "QuestionRemark",
    "QuestionTally",
    "Reach",
    "Registration",
    "RegistrationLink",
    "Remark",
    "ReportState",
    "Role",
    "RosterState",
    "Round",
    "RoundQuestion",
    "SchoolHidden",
    "SchoolQuestion",
    "SchoolWords",
    "Scope",
    "Settled",
    "State",
    "Task",
    "ToolKey",
    "Verdict",
    "Visibility",
    "db",
    "engine_settings",
    "listen",
    "nameless",
    "now",
    "read_alone",
    "school_year_of",
    "school_zone",
    "start_of_school_year",
    "table_of",
    "this_school_year",
    "write_alone",
    "write_aside",
    "writes",
    "writes_alone",
]

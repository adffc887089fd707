"""What a school calls things; once per registration, set by its administrator."""

import enum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.models.base import Base, one_of


class PupilWord(enum.StrEnum):
    """Who the conversation is about."""

    LEERLING = "leerling"
    STUDENT = "student"


class TeacherWord(enum.StrEnum):
    """Who holds it with them."""

    MENTOR = "mentor"
    DOCENT = "docent"
    SLBER = "slb'er"


class WorkplaceWord(enum.StrEnum):
    """Who guides the pupil at work."""

    PRAKTIJKOPLEIDER = "praktijkopleider"
    STAGEBEGELEIDER = "stagebegeleider"


class ConversationWord(enum.StrEnum):
    """The conversation itself."""

    LOOPBAANGESPREK = "loopbaangesprek"
    ONTWIKKELGESPREK = "ontwikkelgesprek"
    LOB_GESPREK = "lob-gesprek"


class Address(enum.StrEnum):
    """How the Dutch interface addresses teachers and administrators; a pupil is always "je"."""

    JE = "je"
    U = "u"


class SchoolWords(Base, kw_only=True):
    """The words of one school; no row means the words as the interface is written."""

    __tablename__ = "school_words"

    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), primary_key=True)
    pupil: Mapped[PupilWord] = mapped_column(
        one_of(PupilWord, "pupil_word"), default=PupilWord.LEERLING
    )
    teacher: Mapped[TeacherWord] = mapped_column(
        one_of(TeacherWord, "teacher_word"), default=TeacherWord.MENTOR
    )
    workplace: Mapped[WorkplaceWord] = mapped_column(
        one_of(WorkplaceWord, "workplace_word"), default=WorkplaceWord.PRAKTIJKOPLEIDER
    )
    conversation: Mapped[ConversationWord] = mapped_column(
        one_of(ConversationWord, "conversation_word"), default=ConversationWord.LOOPBAANGESPREK
    )
    to_teachers: Mapped[Address] = mapped_column(one_of(Address, "address"), default=Address.JE)
    """"je" or "u" to teachers and administrators, in Dutch."""
    with_internship: Mapped[bool] = mapped_column(default=True)
    """Whether its pupils do an internship: what a new round begins with."""
    school_passes_on: Mapped[bool] = mapped_column(default=False)
    """Whether the school, not the pupil, passes earlier conversations on to the next mentor."""

"""Privacy as structure: free text about people is encrypted and carries one visibility level."""

import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, Text, select, text
from sqlalchemy.exc import IntegrityError

from lti_tool.models import Entry, Visibility, db
from lti_tool.models.base import EncryptedText
from tests.support.school import School

PLAIN_TEXT = {
    # Identifiers and addresses of the platform, hashes, keys of the instrument.
    "registration",
    "registration_link",
    "deployment",
    "course",
    "round",
    "grade_report.reason",
    "mail.reason",
    "preparation.at_step",
    "launch_state",
    "pending_launch",
    "launch_session",
    "tool_key.kid",
    "conversation.instrument_version",
    "entry.key",
    "outcome.phase_key",
    "question_mark.question_key",
    "question_tally.question_key",
    "question_remark.question_key",
    "must_answer.question_key",
    "own_question.phase_key",
    "own_question.group_key",
    "own_question.replaces_key",
    "question_place.question_key",
    "remark.phase_key",
    "school_hidden.question_key",
    "school_question.group_key",
    "school_question.phase_key",
    # Who somebody is, as the platform told us; needed to sort and show lists.
    "person",
}


def test_every_text_is_encrypted_or_named_here_as_harmless() -> None:
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Text) and not isinstance(column.type, EncryptedText):
                place = f"{table.name}.{column.name}"
                assert {table.name, place} & PLAIN_TEXT, place


ENCRYPTED_THOUGH_NOBODY_WROTE_IT = {"tool_key", "mail_address"}
"""Our private keys, and addresses: no page shows either."""


def test_every_table_with_encrypted_text_has_one_checked_visibility_level() -> None:
    for table in db.metadata.sorted_tables:
        encrypted = [one for one in table.columns if isinstance(one.type, EncryptedText)]
        if not encrypted or table.name in ENCRYPTED_THOUGH_NOBODY_WROTE_IT:
            continue
        assert not table.columns["visibility"].nullable, table.name
        checks = [str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)]
        assert f"ck_{table.name}_visibility" in checks


def test_text_lies_encrypted_in_the_database(app: Flask, school: School) -> None:
    pupil = school.pupil()
    conversation_id = school.conversation(pupil, school.round())
    with app.app_context():
        db.session.add(
            Entry(
                conversation_id=conversation_id,
                owner_id=pupil,
                key="prep.vb-v01",
                visibility=Visibility.PUPIL_DRAFT,
                text="Ik wil iets met dieren",
                written_by_id=pupil,
            )
        )
        db.session.commit()
        stored = db.session.execute(text("SELECT text FROM entry")).scalar_one()
        assert "dieren" not in stored
        assert db.session.scalars(select(Entry.text)).one() == "Ik wil iets met dieren"


def test_the_database_refuses_an_unknown_level(app: Flask, school: School) -> None:
    pupil = school.pupil()
    conversation_id = school.conversation(pupil, school.round())
    statement = text(
        "INSERT INTO entry (conversation_id, owner_id, key, visibility, text, revision,"
        " written_by_id, written_at)"
        " VALUES (:c, :p, 'x', 'everybody', 'x', 1, :p, '2026-01-01 00:00:00+00:00')"
    )
    with app.app_context(), pytest.raises(IntegrityError):
        db.session.execute(statement, {"c": conversation_id, "p": pupil})

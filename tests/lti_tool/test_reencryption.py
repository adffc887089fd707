"""Texts move to the newest key, whatever table they are in, also when the work was broken off."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from cryptography.fernet import Fernet, MultiFernet
from flask import Flask
from sqlalchemy import text

from lti_tool.key_commands import keys
from lti_tool.lti.keys import rotate
from lti_tool.models import Entry, ToolKey, Visibility, db
from lti_tool.models.base import EncryptedText
from lti_tool.reencryption import encrypted_columns, reencrypt
from tests.support.school import School

TEXTS = ["Ik wil iets met dieren", "Mijn stage", "é" * 5000, ""]


@dataclass
class Keys:
    """The key texts lie under, and the one they move to."""

    old: str
    new: str


@pytest.fixture
def turned(app: Flask) -> Iterator[Keys]:
    """A tool with texts under an old key, and a new one put in front of it."""
    old = app.config["LOB"].encryption_keys[0].get_secret_value()
    kept = app.extensions["lob_cipher"], app.config["LOB"]
    new = Fernet.generate_key().decode()
    yield Keys(old, new)
    app.extensions["lob_cipher"], app.config["LOB"] = kept


def write(app: Flask, school: School) -> None:
    pupil = school.pupil()
    conversation_id = school.conversation(pupil, school.round())
    with app.app_context():
        rotate()
        db.session.add_all(
            Entry(
                conversation_id=conversation_id,
                owner_id=pupil,
                key=f"prep.{number}",
                visibility=Visibility.PUPIL_DRAFT,
                text=one,
                written_by_id=pupil,
            )
            for number, one in enumerate(TEXTS)
        )
        db.session.commit()


def tokens() -> list[str]:
    rows = db.session.execute(
        text("SELECT text FROM entry UNION ALL SELECT private_pem FROM tool_key")
    )
    return [one for (one,) in rows]


def readable(key: str, token: str) -> bool:
    try:
        Fernet(key).decrypt(token.encode())
    except Exception:
        return False
    return True


def test_every_encrypted_column_is_found() -> None:
    expected = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, EncryptedText)
    }
    found = {(table.name, name) for table, name in encrypted_columns()}
    assert found == expected
    assert {("entry", "text"), ("tool_key", "private_pem")} <= found
    assert all(len(table.primary_key.columns) == 1 for table, _name in encrypted_columns())


def test_all_texts_move_and_read_the_same(app: Flask, school: School, turned: Keys) -> None:
    write(app, school)
    with app.app_context():
        done = reencrypt((turned.new, turned.old), batch=2)
        assert (done.seen, done.moved, done.unreadable) == (5, 5, 0)
        assert all(readable(turned.new, token) for token in tokens())
        # The old key may go.
        app.extensions["lob_cipher"] = MultiFernet([Fernet(turned.new)])
        assert db.session.scalars(db.select(Entry.text).order_by(Entry.id)).all() == TEXTS
        assert "PRIVATE KEY" in db.session.scalars(db.select(ToolKey.private_pem)).one()


def test_the_work_can_be_taken_up_again(
    app: Flask, school: School, turned: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(app, school)
    steps = 0
    commit = db.session.commit

    def stop_after_two() -> None:
        nonlocal steps
        commit()
        steps += 1
        if steps == 2:
            raise KeyboardInterrupt

    with app.app_context():
        with monkeypatch.context() as patch:
            patch.setattr(db.session, "commit", stop_after_two)
            with pytest.raises(KeyboardInterrupt):
                reencrypt((turned.new, turned.old), batch=1)
        assert sum(readable(turned.new, token) for token in tokens()) == 2
        done = reencrypt((turned.new, turned.old), batch=1)
        assert (done.seen, done.moved) == (5, 3)
        assert all(readable(turned.new, token) for token in tokens())
        assert reencrypt((turned.new, turned.old)).moved == 0


def test_a_text_under_a_lost_key_is_counted_and_left_alone(
    app: Flask, school: School, turned: Keys
) -> None:
    write(app, school)
    with app.app_context():
        lost = Fernet(Fernet.generate_key()).encrypt(b"x").decode()
        db.session.execute(
            text("UPDATE entry SET text = :lost WHERE key = 'prep.1'"), {"lost": lost}
        )
        db.session.commit()
        settings = app.config["LOB"]
        app.config["LOB"] = settings.model_copy(
            update={"encryption_keys": _secrets(settings, turned)}
        )
    ran = app.test_cli_runner().invoke(keys, ["reencrypt"])
    assert ran.exit_code == 1
    assert "4 of 5 texts encrypted anew" in ran.output
    assert "1 texts cannot be read" in ran.output
    with app.app_context():
        assert lost in tokens()


def test_on_the_command_line(app: Flask, school: School, turned: Keys) -> None:
    write(app, school)
    settings = app.config["LOB"]
    app.config["LOB"] = settings.model_copy(update={"encryption_keys": _secrets(settings, turned)})
    ran = app.test_cli_runner().invoke(keys, ["reencrypt"])
    assert (ran.exit_code, ran.output) == (0, "5 of 5 texts encrypted anew\n")


def _secrets(settings: object, turned: Keys) -> tuple[object, ...]:
    kind = type(settings.encryption_keys[0])  # type: ignore[attr-defined]
    return (kind(turned.new), kind(turned.old))

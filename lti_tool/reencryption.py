"""Move every encrypted text to the first of `LOB_ENCRYPTION_KEYS`, so that an old key can go.

Works in batches, each its own transaction, on whatever columns the models encrypt. A text that
already lies under the first key is left alone, so the work can be stopped and taken up again;
one that somebody changes meanwhile is written under the first key anyway.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import ColumnElement, Table, column, select, table, update

from lti_tool.models import db
from lti_tool.models.base import EncryptedText

BATCH = 500


@dataclass
class Progress:
    """How many texts there are, were moved, and could not be read with any key."""

    seen: int = 0
    moved: int = 0
    unreadable: int = 0


def encrypted_columns() -> list[tuple[Table, str]]:
    """Every column of every model that holds encrypted text."""
    return [
        (one, found.name)
        for one in db.metadata.sorted_tables
        for found in one.columns
        if isinstance(found.type, EncryptedText)
    ]


def reencrypt(keys: tuple[str, ...], *, batch: int = BATCH) -> Progress:
    """Move all texts; commits after every batch of rows."""
    first, every = Fernet(keys[0]), MultiFernet([Fernet(key) for key in keys])
    progress = Progress()
    for model, name in encrypted_columns():
        # A table without types: tokens are read and written as they lie there.
        key = model.primary_key.columns[0].name
        raw = table(model.name, column(key), column(name))
        for rows in _batches(raw.c[key], raw.c[name], batch):
            for row_id, token in rows:
                progress.seen += 1
                if _readable(first, token):
                    continue
                try:
                    fresh = every.rotate(token.encode()).decode()
                except InvalidToken:
                    progress.unreadable += 1
                    continue
                done = db.session.execute(
                    update(raw)
                    .where(raw.c[key] == row_id, raw.c[name] == token)
                    .values({name: fresh})
                )
                progress.moved += done.rowcount  # type: ignore[attr-defined]
            db.session.commit()
    return progress


def _batches(
    key: ColumnElement[int], text: ColumnElement[str], size: int
) -> Iterator[list[tuple[int, str]]]:
    last = None
    while True:
        query = select(key, text).where(text.is_not(None)).order_by(key).limit(size)
        if last is not None:
            query = query.where(key > last)
        rows = [(row_id, token) for row_id, token in db.session.execute(query)]
        if not rows:
            db.session.rollback()
            return
        yield rows
        last = rows[-1][0]


def _readable(cipher: Fernet, token: str) -> bool:
    try:
        cipher.decrypt(token.encode())
    except InvalidToken:
        return False
    return True

"""Run migrations on the app's database. Our own column types appear as the plain ones they are."""

from alembic import context
from flask import current_app
from sqlalchemy.types import TypeDecorator


def plain_type(kind: str, thing: object, autogen_context: object) -> str | bool:
    """Render `EncryptedText` and `UtcDateTime` as their implementation."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl!r}"
    return False


def run() -> None:
    """Open a connection and migrate within one transaction."""
    database = current_app.extensions["migrate"].db
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=plain_type,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


run()

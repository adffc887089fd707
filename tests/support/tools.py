"""Tools that a test makes for itself."""

from flask import Flask

from lti_tool.models import db


def let_go(tool: Flask) -> None:
    """Close all that a tool holds open: what lingers is a warning, and so an error, elsewhere."""
    tool.extensions["lob_background"].close()
    with tool.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def empty(app: Flask) -> None:
    """Take everything out of the database."""
    with app.app_context():
        db.session.remove()
        with db.engine.begin() as connection:
            for table in reversed(db.metadata.sorted_tables):
                connection.execute(table.delete())

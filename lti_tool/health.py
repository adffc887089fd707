"""For whoever runs us: is the process there, and can it work?"""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from lti_tool.access import open_to_all
from lti_tool.models import READING, db
from lti_tool.settings import project_folder

health = Blueprint("health", __name__)


@health.get("/healthz")
@open_to_all
def process() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
@open_to_all
def ready() -> tuple[Response, int]:
    """The database answers and stands at the newest migration."""
    head = ScriptDirectory(str(project_folder("migrations"))).get_current_head()
    try:
        with db.engines[READING].connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError:
        return jsonify(status="no database"), 503
    if current != head:
        return jsonify(status="migrations missing: run `loopbaangesprek db upgrade`"), 503
    return jsonify(status="ok"), 200

"""The statements and commits of a returning pupil's launch, on the PostgreSQL of the benchmark."""

from collections.abc import Callable

from cryptography.fernet import Fernet
from flask_migrate import upgrade
from structlog.testing import capture_logs

from lti_tool import create_app
from lti_tool.settings import Settings
from tests.support.launch_cost import MOST_COMMITS, MOST_IN_LAUNCH, MOST_IN_PAGE, launch_cost
from tests.support.launches import load, platform_for
from tests.support.postgres import PostgresServer
from tests.support.tools import let_go


def print_cost(say: Callable[[str], None], postgres: PostgresServer) -> bool:
    """Say what a launch costs; True when it is within its limits."""
    app = create_app(
        Settings(
            base_url="http://127.0.0.1:8000",
            secret_key="s" * 40,
            encryption_keys=(Fernet.generate_key().decode(),),
            database_url=postgres.create("cost"),
        )
    )
    with app.app_context():
        upgrade()
    data = load("valid", "moodle-student")
    with capture_logs():
        cost = launch_cost(app, platform_for(app, data), data)
    let_go(app)
    say(
        f"a returning pupil: {len(cost.launch)} statements (limit {MOST_IN_LAUNCH}) and"
        f" {cost.commits} commits (limit {MOST_COMMITS}) in the launch POST,"
        f" {len(cost.page)} statements after it (limit {MOST_IN_PAGE})"
    )
    return cost.within_limits

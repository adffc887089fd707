"""`make demo`: the tool and the demo LMS in one process, on this machine, from nothing.

The LMS is `localhost` and the tool `127.0.0.1`, so the tool is a stranger in its frame, as it is
in a real LMS. Secrets, database and story stay in `.demo/` until that folder is removed.
"""

import hashlib
import secrets
import signal
import socket
import threading
from pathlib import Path
from types import FrameType

import click
from cryptography.fernet import Fernet
from flask import Flask
from flask_migrate import upgrade
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer, make_server

from lti_tool import create_app
from lti_tool.demo.courses import LmsCourse
from lti_tool.demo.lms import create_lms
from lti_tool.demo.school import DEMO_SCHOOL
from lti_tool.demo.seeded import seeded_courses
from lti_tool.demo.story import tell
from lti_tool.demo.style_page import style_page
from lti_tool.lti.views import prepare_keys
from lti_tool.models import Registration, db
from lti_tool.registration_links import new_link
from lti_tool.seed.school import is_sown, sow
from lti_tool.settings import Settings, project_folder
from lti_tool.worker import worker_in_this_process

CLIENT_ID = "demo-client"
FOLDER = Path(".demo")
MAIL = "mail"
"""Below it: mail as `.eml` files, for nobody gets any."""
PORTS_TO_TRY = 50


def demo(port: int, lms_port: int, *, seed: bool = False) -> None:
    """Serve both until Ctrl-C; say once which address to open.

    `seed` adds an invented school with years behind it; once added it stays.
    """
    port = free_from(port)
    lms_port = free_from(lms_port, beside=port)
    tool_url, lms_url = f"http://127.0.0.1:{port}", f"http://localhost:{lms_port}"
    tool = create_app(_settings(tool_url))
    tool.register_blueprint(style_page)
    with tool.app_context():
        upgrade()
        prepare_keys()
        _register(lms_url)
        link = new_link(name=DEMO_SCHOOL.name)
    tell(tool, school=DEMO_SCHOOL, issuer=lms_url, client_id=CLIENT_ID)
    with tool.app_context():
        more_courses = _seeded(sow_now=seed)
    lms = create_lms(
        school=DEMO_SCHOOL,
        own_url=lms_url,
        tool_url=tool_url,
        client_id=CLIENT_ID,
        mailbox=FOLDER.resolve() / MAIL,
        style_page=f"{tool_url}/stijl",
        more_courses=more_courses,
    )
    servers = [_serve("127.0.0.1", port, tool), _serve("localhost", lms_port, lms)]
    with worker_in_this_process(tool):
        click.echo(f"Open {lms_url}/ in a browser; stop with Ctrl-C.")
        click.echo(f"Mail is kept in {FOLDER / MAIL} and shown at {lms_url}/mailbox.")
        click.echo(f"What pages are made of: {tool_url}/stijl")
        click.echo(f"To install it yourself: {lms_url}/tools, with the link {link}")
        _wait_for_the_end()
    for server in servers:
        server.shutdown()


def _settings(tool_url: str) -> Settings:
    FOLDER.mkdir(exist_ok=True)
    database = FOLDER.resolve() / database_name(project_folder("migrations") / "versions")
    return Settings(
        base_url=tool_url,
        secret_key=_kept("secret-key", secrets.token_urlsafe(48)),
        encryption_keys=(_kept("encryption-key", Fernet.generate_key().decode()),),
        database_url=f"sqlite:///{database}",
        smtp_url=SecretStr((FOLDER.resolve() / MAIL).as_uri()),
        mail_from="Loopbaangesprek <loopbaangesprek@voorbeeldcollege.example>",
    )


def database_name(versions: Path) -> str:
    """The demo's database belongs to these migrations: with others it begins its story anew."""
    steps = b"".join(file.read_bytes() for file in sorted(versions.glob("*.py")))
    return f"demo-{hashlib.sha256(steps).hexdigest()[:8]}.sqlite3"


def _kept(name: str, fresh: str) -> str:
    """The secret of an earlier demo, or a fresh one, kept."""
    file = FOLDER / name
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(fresh)
    return file.read_text()


def _register(lms_url: str) -> None:
    """The demo's one registration follows the LMS, whose port may differ from last time."""
    row = db.session.scalars(
        select(Registration).where(Registration.client_id == CLIENT_ID)
    ).one_or_none()
    if row is None:
        row = Registration(
            issuer=lms_url,
            client_id=CLIENT_ID,
            auth_login_url="",
            auth_token_url="",
            jwks_url="",
            name=DEMO_SCHOOL.name,
            mails=True,
        )
        db.session.add(row)
    row.issuer = lms_url
    row.auth_login_url, row.auth_token_url = f"{lms_url}/auth", f"{lms_url}/token"
    row.jwks_url = f"{lms_url}/jwks"
    db.session.commit()


def _seeded(*, sow_now: bool) -> list[LmsCourse]:
    """The courses of the invented school, sown where that is asked and not done before."""
    registration_id = db.session.scalars(
        select(Registration.id).where(Registration.client_id == CLIENT_ID)
    ).one()
    if sow_now and not is_sown(registration_id):
        click.echo("Inventing a school with three years of conversations…")
        sow(registration_id, courses=3, pupils=24, rounds=6)
        db.session.commit()
    administrators = [one for one in DEMO_SCHOOL.people if one.role == "administrator"]
    return seeded_courses(registration_id, administrators)


def free_from(port: int, beside: int = 0) -> int:
    """`port`, or the next one that nobody listens on."""
    for candidate in range(port, port + PORTS_TO_TRY):
        if candidate != beside and not _busy(candidate):
            if candidate != port:
                click.echo(f"Port {port} is busy, so this uses {candidate}.")
            return candidate
    raise click.ClickException(f"no free port from {port} on; try --port or --lms-port")


def _busy(port: int) -> bool:
    """Whether anybody holds the port on a loopback address."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except PermissionError as error:
            raise click.ClickException(f"port {port} is not ours to use: {error}") from error
        except OSError:
            if family == socket.AF_INET or _answers(address, port):
                return True
    return False


def _answers(address: str, port: int) -> bool:
    """Whether somebody listens there; a machine without IPv6 has nobody."""
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False


def _serve(host: str, port: int, app: Flask) -> BaseWSGIServer:
    server = make_server(host, port, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _wait_for_the_end() -> None:
    over = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, end)
    over.wait()

"""The console script `loopbaangesprek`: Flask's own command group over `create_app`.

Commands that need no settings (`instrument show`) run without any.
"""

import gc
import json
import os
import sys

import click
from flask import Flask
from flask.cli import FlaskGroup, NoAppException
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

import instrument
from lti_tool import create_app
from lti_tool.demo.run import demo
from lti_tool.key_commands import keys
from lti_tool.languages import LANGUAGES
from lti_tool.mail.command import mail_test
from lti_tool.metrics import FOLDER
from lti_tool.person_commands import person
from lti_tool.platforms import platforms
from lti_tool.registration_links import registration_link
from lti_tool.retention import retention
from lti_tool.seed.command import seed
from lti_tool.settings import SettingsError, exit_with, settings_from_environment
from lti_tool.worker import worker


def app_from_environment() -> Flask:
    """Build the tool from `LOB_*`, or stop with a clear line."""
    try:
        return create_app(settings_from_environment())
    except (SettingsError, instrument.InstrumentError) as error:
        exit_with(error)
        raise


def _app_for_commands() -> Flask:
    """The same for commands that need it; without settings the others and `--help` still work."""
    try:
        return create_app(settings_from_environment())
    except (SettingsError, instrument.InstrumentError) as error:
        raise NoAppException(str(error)) from error


cli = FlaskGroup(
    name="loopbaangesprek",
    create_app=_app_for_commands,
    add_version_option=False,
    load_dotenv=False,
    help="Loopbaangesprek: run and manage the tool.",
)
for command in (platforms, registration_link, keys, mail_test, person, retention, seed, worker):
    cli.add_command(command)


@cli.group("instrument")
def instrument_group() -> None:
    """Look into the instrument's content."""


@instrument_group.command("show", with_appcontext=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--language", type=click.Choice(LANGUAGES), default="nl", show_default=True)
def show_instrument(as_json: bool, language: str) -> None:
    """Print every question with its phase, group and labels."""
    content = instrument.load(language=language)  # noqa: TID251 no page
    if as_json:
        click.echo(json.dumps(instrument_as_data(content), ensure_ascii=False, indent=1))
        return
    for phase in content.phases:
        click.echo(f"\n{phase.number}. {phase.title}")
        for question in phase.questions:
            click.echo(f"   {question.key}  {question.text}")


def instrument_as_data(content: instrument.Instrument) -> dict[str, object]:
    """Return the instrument as plain data, with its questions as one flat list."""
    data = content.model_dump(mode="json")
    data["questions"] = [
        {
            "key": question.key,
            "text": question.text,
            "source_text": question.source,
            "phase": phase.key,
            "group": group.key,
            "labels": list(question.labels),
        }
        for phase in content.phases
        for group in phase.groups
        for question in group.questions
    ]
    return data


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn without its command line."""

    def __init__(self, app: Flask, options: dict[str, object]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self.app


def _share_memory(_server: Arbiter, _worker: Worker) -> None:
    """Leave what is loaded to the collector no more, so that the workers go on sharing its pages.

    Else the first collection in a worker writes to all of them, and each worker has its own copy.
    """
    gc.collect()
    gc.freeze()


@cli.command("serve", with_appcontext=False)
@click.option("--port", default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", default=1, show_default=True)
@click.option("--threads", default=4, show_default=True)
def serve(port: int, host: str, workers: int, threads: int) -> None:
    """Serve the tool with gunicorn."""
    app = app_from_environment()
    if workers > 1 and app.config["LOB"].metrics_token and not os.environ.get(FOLDER):
        exit_with(SettingsError(f"{FOLDER}: a folder in which the workers count, for /metrics"))
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "pre_fork": _share_memory,
        "control_socket_disable": True,
    }
    _Server(app, options).run()


@cli.command("demo", with_appcontext=False)
@click.option("--port", default=8000, show_default=True, help="Where the tool listens.")
@click.option("--lms-port", default=8001, show_default=True, help="Where the LMS listens.")
@click.option("--seed", "with_seed", is_flag=True, help="Add three classes with years behind them.")
def demo_command(port: int, lms_port: int, with_seed: bool) -> None:
    """Serve the tool and a small LMS with one class, on this machine; needs no settings."""
    demo(port, lms_port, seed=with_seed)


def main() -> None:
    """Entry point of the console script."""
    cli.main(args=sys.argv[1:], prog_name="loopbaangesprek")


if __name__ == "__main__":
    main()

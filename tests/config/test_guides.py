"""The administrators' guides name what the tool says and does, and nothing it does not."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lti_tool import key_commands, platforms, registration_links
from lti_tool.commands import cli
from lti_tool.lti.description import VARIABLES
from lti_tool.settings import Settings

ROOT = Path(__file__).parents[2]
GUIDES = ("moodle", "canvas")
CODE = re.compile(r'(?:LaunchRefused|RegistrationRefused|FetchRefused)\(\s*f?"([a-z_]+)')
OPTIONS = {
    "platforms add": platforms.add,
    "platforms disable": platforms.disable,
    "platforms list": platforms.list_platforms,
    "registration-link": registration_links.registration_link,
    "keys": key_commands.keys,
}


def guide(name: str) -> str:
    return (ROOT / "config" / f"{name}.md").read_text("utf-8")


def codes() -> set[str]:
    """Every reason the tool gives for a refusal; one that is completed ends on an underscore."""
    sources = "\n".join(file.read_text("utf-8") for file in (ROOT / "lti_tool").rglob("*.py"))
    return set(CODE.findall(sources))


def explained(text: str, code: str) -> bool:
    """Whether a guide names the code, or the family it belongs to."""
    named = set(re.findall(r"`([a-z_]+(?:\d+)?)(…?)`", text))
    whole = {name for name, more in named if not more}
    families = tuple(name for name, more in named if more)
    return code in whole or bool(families and code.startswith(families))


@pytest.mark.parametrize("name", GUIDES)
def test_every_code_is_explained(name: str) -> None:
    missing = {code for code in codes() if not explained(guide(name), code)}
    assert {"unknown_platform", "foreign_host", "platform_said_"} <= codes()
    assert not missing, missing


@pytest.mark.parametrize("name", GUIDES)
def test_options_in_it_exist(name: str) -> None:
    known = {
        option
        for command in OPTIONS.values()
        for parameter in command.params
        for option in parameter.opts
    }
    mentioned = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", guide(name)))
    assert mentioned <= known, mentioned - known


@pytest.mark.parametrize("name", GUIDES)
def test_the_addresses_in_it_are_ours(name: str) -> None:
    paths = set(re.findall(r"https://lob\.school\.nl(/[\w./]+)", guide(name)))
    assert {"/lti/login", "/lti/launch", "/lti/jwks.json"} <= paths
    assert paths <= {"/lti/login", "/lti/launch", "/lti/jwks.json", "/lti/canvas.json"}


def test_the_custom_fields_are_the_ones_we_read() -> None:
    for field, variable in VARIABLES.items():
        assert f"`{field}=${variable}`" in guide("canvas")
    assert "`context_history=$Context.id.history`" in guide("moodle")


def test_the_readme_points_to_them() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"config/{name}.md" in readme for name in GUIDES)


def test_the_readme_names_every_command_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    table = readme.partition("| `loopbaangesprek …` |")[2].partition("\n\n")[0]
    names = re.findall(r"`([^`]+)`", "\n".join(row.split("|")[1] for row in table.split("\n")[2:]))
    named = {re.split(r" (?:--|[A-Z])", name)[0] for name in names}
    assert named - {"db upgrade"} == set(commands(cli)) - {"run", "shell", "routes"}


def test_the_privacy_sheet_says_what_is_kept_how_long() -> None:
    sheet = guide("privacybijsluiter")
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    for name in re.findall(r"`LOB_([A-Z_]+)`", sheet):
        assert name.lower() in defaults, name
    assert f"`LOB_RETENTION_YEARS` ({defaults['retention_years']}) jaar" in sheet
    assert f"`LOB_RETENTION_NOTE_YEARS`, {defaults['retention_note_years']})" in sheet
    for name in ("retention run", "person export", "person erase", "keys reencrypt"):
        assert f"`{name}`" in sheet
        assert name in set(commands(cli))
    assert "config/privacybijsluiter.md" in (ROOT / "README.md").read_text("utf-8")


def commands(group: click.Group) -> Iterator[str]:
    """The commands by name, those of a group with its name before theirs."""
    for name, command in group.commands.items():
        if name == "db":
            continue  # Flask-Migrate's
        if isinstance(command, click.Group):
            yield from (f"{name} {one}" for one in commands(command))
        else:
            yield name

"""The English catalogue is whole, and `make check` notices when it is not."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from config.catalogue import FOLDER, faults, update

ROOT = Path(__file__).parents[2]
VIEW = """from flask_babel import gettext as _
from flask_babel import ngettext

def page() -> str:
    return _("Dag %(name)s", name="Noor") + ngettext("%(num)s ronde", "%(num)s rondes", 2)
"""
HELLO = 'msgid "Dag %(name)s"\nmsgstr "{}"'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small tool whose catalogue is whole."""
    for folder in ("lti_tool", "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "lti_tool" / "view.py").write_text(VIEW)
    (tmp_path / "templates" / "page.html").write_text('{{ _("Opslaan") }}')
    update(tmp_path)
    change(tmp_path, HELLO.format(""), HELLO.format("Hello %(name)s"))
    change(
        tmp_path,
        'msgstr[0] ""\nmsgstr[1] ""',
        'msgstr[0] "%(num)s round"\nmsgstr[1] "%(num)s rounds"',
    )
    change(tmp_path, 'msgid "Opslaan"\nmsgstr ""', 'msgid "Opslaan"\nmsgstr "Save"')
    update(tmp_path)
    return tmp_path


def change(project: Path, old: str, new: str) -> None:
    """Change the catalogue's text by hand."""
    file = project / FOLDER / "messages.po"
    text = file.read_text("utf-8")
    assert old in text, text
    file.write_text(text.replace(old, new), "utf-8")


def add_view(text: str) -> Callable[[Path], object]:
    return lambda project: (project / "lti_tool" / "more.py").write_text(text)


def test_the_tools_own_catalogue_is_whole() -> None:
    assert list(faults(ROOT)) == []


def test_make_check_asks_it() -> None:
    assert "$(PYTHON) -m config.catalogue\n" in (ROOT / "Makefile").read_text("utf-8")


def test_a_whole_catalogue_has_no_faults(project: Path) -> None:
    assert list(faults(project)) == []


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (add_view("def f(): return _('Nieuw')"), "missing: 'Nieuw'"),
        (add_view("TITLE = _('Opslaan')"), "asked for at import: lti_tool/more.py, line 1"),
        (add_view("def f(x=_('Opslaan')): pass"), "asked for at import: lti_tool/more.py, line 1"),
        (
            lambda project: (project / "templates" / "page.html").unlink(),
            "not in the code any more: 'Opslaan'",
        ),
        (
            lambda project: change(project, 'msgstr "Save"', 'msgstr ""'),
            "not translated: 'Opslaan'",
        ),
        (
            lambda project: change(project, '"%(num)s rounds"', '""'),
            "not translated: '%(num)s ronde'",
        ),
        (
            lambda project: change(project, "Hello %(name)s", "Hello %(who)s"),
            "other variables than in Dutch: 'Hello %(who)s'",
        ),
        (
            lambda project: change(project, 'msgid "Opslaan"', '#, fuzzy\nmsgid "Opslaan"'),
            "fuzzy: 'Opslaan'",
        ),
        (
            lambda project: change(
                project, 'msgid "Opslaan"', '#~ msgid "Weg"\n#~ msgstr "Gone"\n\nmsgid "Opslaan"'
            ),
            "obsolete: 'Weg'",
        ),
        (
            lambda project: change(project, "Hello %(name)s", "Hi %(name)s"),
            "messages.mo was not made from this messages.po",
        ),
        (
            lambda project: (project / FOLDER / "messages.mo").unlink(),
            "messages.mo was not made from this messages.po",
        ),
    ],
)
def test_a_stale_catalogue_is_refused(
    project: Path, spoil: Callable[[Path], object], fault: str
) -> None:
    spoil(project)
    assert fault in list(faults(project))


def test_bringing_it_up_to_date_keeps_what_was_translated(project: Path) -> None:
    add_view("def f(): return _('Nieuw')")(project)
    (project / "templates" / "page.html").unlink()
    update(project)
    assert list(faults(project)) == ["not translated: 'Nieuw'"]


def test_the_command_fails_where_something_is_missing(tmp_path: Path) -> None:
    for folder in ("config", "lti_tool/translations"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    command = [sys.executable, "-m", "config.catalogue"]
    add_view("def f(): return _('Nieuw')")(tmp_path)
    failed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert failed.returncode == 1
    assert "missing: 'Nieuw'" in failed.stdout

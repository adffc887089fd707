"""The catalogue of texts with "u" is whole, and `make check` notices when it is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.formal import FILE, faults, main, update

ROOT = Path(__file__).parents[2]
VIEW = """from flask_babel import gettext as _
from flask_babel import ngettext

def page() -> str:
    many = ngettext("Je hebt %(num)s ronde", "Je hebt %(num)s rondes", 2)
    return _("Dag %(name)s") + _("Jouw ronde, %(name)s") + many + _("Vraag het je mentor.")
"""
FORMS = {
    'msgid "Jouw ronde, %(name)s"\nmsgstr ""': 'msgid "Jouw ronde, %(name)s"\n'
    'msgstr "Uw ronde, %(name)s"',
    'msgstr[0] ""\nmsgstr[1] ""': 'msgstr[0] "U hebt %(num)s ronde"\n'
    'msgstr[1] "U hebt %(num)s rondes"',
    'msgid "Vraag het je mentor."\nmsgstr ""': '# read by pupils\nmsgid "Vraag het je mentor."\n'
    'msgstr "Vraag het je mentor."',
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small tool whose catalogue is whole."""
    for folder in ("lti_tool", "templates"):
        (tmp_path / folder).mkdir()
    (tmp_path / "lti_tool" / "view.py").write_text(VIEW)
    (tmp_path / "templates" / "page.html").write_text('{{ _("Opslaan") }}')
    update(tmp_path)
    for old, new in FORMS.items():
        change(tmp_path, old, new)
    update(tmp_path)
    return tmp_path


def change(project: Path, old: str, new: str) -> None:
    """Change the catalogue's text by hand."""
    file = project / FILE
    text = file.read_text("utf-8")
    assert old in text, text
    file.write_text(text.replace(old, new), "utf-8")


def code(old: str, new: str) -> Callable[[Path], object]:
    """Change a text of the code."""
    return lambda project: (project / "lti_tool" / "view.py").write_text(VIEW.replace(old, new))


def by_hand(old: str, new: str) -> Callable[[Path], object]:
    return lambda project: change(project, old, new)


def test_the_tools_own_catalogue_is_whole() -> None:
    assert list(faults(ROOT)) == []


def test_make_check_asks_it() -> None:
    assert "$(PYTHON) -m config.formal\n" in (ROOT / "Makefile").read_text("utf-8")


def test_a_whole_catalogue_has_no_faults(project: Path) -> None:
    assert list(faults(project)) == []
    assert "Dag" not in (project / FILE).read_text("utf-8")


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (code("Dag %(name)s", "Kies je ronde"), "missing: 'Kies je ronde'"),
        (code("Vraag het je mentor.", "Weg"), "not in the code any more: 'Vraag het je mentor.'"),
        (code("Jouw ronde, ", "Ronde van "), "not in the code any more: 'Jouw ronde, %(name)s'"),
        (by_hand("Uw ronde, %(name)s", ""), "no form with “u”: 'Jouw ronde, %(name)s'"),
        (by_hand("U hebt %(num)s rondes", ""), "no form with “u”: 'Je hebt %(num)s ronde'"),
        (by_hand("Uw ronde", "Uw en jouw ronde"), "still “je”: 'Uw en jouw ronde, %(name)s'"),
        (by_hand("Uw ronde, %(name)s", "Uw ronde"), "other variables: 'Uw ronde'"),
        (by_hand("U hebt %(num)s rondes", "U hebt rondes"), "other variables: 'U hebt rondes'"),
        (by_hand("# read by pupils\n", ""), "the same, and no reason why: 'Vraag het je mentor.'"),
        (by_hand("read by pupils", "later"), "the same, and no reason why: 'Vraag het je mentor.'"),
        (
            by_hand('msgstr "Vraag het je', 'msgstr "Vraag het uw'),
            "a reason to stay, and yet changed: 'Vraag het je mentor.'",
        ),
        (
            by_hand('msgid "Jouw', '#, fuzzy\nmsgid "Jouw'),
            "fuzzy: 'Jouw ronde, %(name)s'",
        ),
        (
            by_hand('msgid "Jouw', '#~ msgid "Je bent"\n#~ msgstr "U bent"\n\nmsgid "Jouw'),
            "obsolete: 'Je bent'",
        ),
        (by_hand("Uw ronde", "De ronde"), "formal.mo was not made from this formal.po"),
        (
            lambda project: (project / FILE).with_suffix(".mo").unlink(),
            "formal.mo was not made from this formal.po",
        ),
    ],
)
def test_a_stale_catalogue_is_refused(
    project: Path, spoil: Callable[[Path], object], fault: str
) -> None:
    spoil(project)
    assert fault in list(faults(project))


def test_bringing_it_up_to_date_keeps_what_was_written(project: Path) -> None:
    code("Dag %(name)s", "Kies je ronde")(project)
    update(project)
    assert list(faults(project)) == ["no form with “u”: 'Kies je ronde'"]


def test_the_command_says_what_is_missing(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("config.formal.ROOT", project)
    assert main(["update"]) == 0
    code("Dag %(name)s", "Kies je ronde")(project)
    assert main([]) == 1
    assert "# read by pupils" in capsys.readouterr().out

"""A school's token file: legible, or refused at the start; and ours by the same measure."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from lti_tool import create_app
from lti_tool.house_style import (
    HouseStyle,
    HouseStyleError,
    contrast,
    contrasts,
    our_tokens,
    read_house_style,
)
from lti_tool.settings import SettingsError, settings_from_environment
from tests.support.school import School
from tests.support.tools import let_go

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config" / "house-style.example.json"


def written(folder: Path, document: Any) -> Path:
    """A token file that says this; a string is written as it is."""
    file = folder / "style.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return file


def test_ours_is_legible_in_both_looks() -> None:
    measured = list(contrasts(HouseStyle({}, {})))
    assert [str(one) for one in measured if not one.is_enough] == []
    assert {one.look for one in measured} == {"light", "dark"}


def test_our_tokens_are_those_of_the_style_sheet() -> None:
    source = (ROOT / "lti_tool" / "assets" / "css" / "tokens.css").read_text("utf-8")
    light, _, dark = source.partition("@media")
    for look, text in (("light", light), ("dark", dark)):
        assert our_tokens()[look] == dict(re.findall(r"--lob-([\w-]+): ([^;]+);", text))


def test_the_example_is_legible() -> None:
    style = read_house_style(EXAMPLE)
    assert style.css.startswith(":root{--lob-color-accent:#7a1f5c;")
    assert "@media screen and (prefers-color-scheme:dark){:root{" in style.css


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#0d5c58", "#0d5c58", 1.0)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (
            {"light": {"color-ink": "#999999"}},
            "light: color-ink on color-page has a contrast of 2.",
        ),
        ({"dark": {"color-accent": "#222222"}}, "dark: color-accent on color-page"),
        ({"light": {"color-focus": "#dddddd"}}, "color-focus on color-page"),
        ({"light": {"color-inc": "#000000"}}, "light: there is no token color-inc"),
        ({"dark": {"radius": "1rem"}}, "dark: there is no token radius"),
        ({"light": {"color-ink": "black"}}, "light: color-ink must be a colour such as"),
        ({"light": {"color-ink": "#000000;}*{display:none"}}, "must be a colour"),
        ({"light": {"color-ink": "#000000\n"}}, "must be a colour"),
        ({"light": {"color-ink": 0}}, "must be a colour"),
        ({"light": {"radius": "calc(1px)"}}, "light: radius must be a length"),
        ({"light": {"space-1": "url(https://elsewhere.example)"}}, "must be a length"),
        ({"light": {"font-text": '"Verdana'}}, "font-text must be names of fonts"),
        ({"light": {"font-text": "x;}"}}, "font-text must be names of fonts"),
        ({"light": {"target": "1rem"}}, "target must be at least 1.5rem"),
        ({"light": {"size-text": "0rem"}}, "size-text must be at least 0.85rem"),
        ({"light": {"measure": "0px"}}, "measure must be from 20rem"),
        ({"light": {"line": "0.5"}}, "line must be a number"),
        ({"light": []}, "light: must be an object"),
        ({"night": {}}, 'must be an object with "light" and "dark"'),
        ([], 'must be an object with "light" and "dark"'),
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "is no JSON"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, document: Any, says: str
) -> None:
    with pytest.raises(HouseStyleError) as refused:
        read_house_style(written(tmp_path, document))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_colour_for_light_alone_stays_out_of_the_dark(tmp_path: Path) -> None:
    """Else it would come after our dark one, and win there too."""
    style = read_house_style(written(tmp_path, {"light": {"color-accent": "#7a1f5c"}}))
    ours = our_tokens()["dark"]["color-accent"]
    dark = style.css.partition("@media screen and (prefers-color-scheme:dark)")[2]
    assert dark == f"{{:root{{--lob-color-accent:{ours};}}}}"


def test_fonts_and_lengths_may_change(tmp_path: Path) -> None:
    said = {"font-text": "\"Atkinson Hyperlegible\", 'Noto Sans', sans-serif", "radius": "2px"}
    style = read_house_style(written(tmp_path, {"light": said}))
    assert style.css == f":root{{--lob-font-text:{said['font-text']};--lob-radius:2px;}}"


def environment(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    """Settings of a tool on this machine with this token file."""
    for name, value in {
        "BASE_URL": "http://127.0.0.1:8000",
        "SECRET_KEY": "s" * 40,
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "DATABASE_URL": f"sqlite:///{file.parent / 'lob.sqlite3'}",
        "HOUSE_STYLE": str(file),
    }.items():
        monkeypatch.setenv(f"LOB_{name}", value)


def test_the_start_is_refused_naming_the_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment(monkeypatch, written(tmp_path, {"light": {"color-accent": "#cccccc"}}))
    with pytest.raises(SettingsError, match=r"LOB_HOUSE_STYLE: .*color-accent on color-page"):
        settings_from_environment()
    environment(monkeypatch, tmp_path / "nothing.json")
    with pytest.raises(SettingsError, match=r"LOB_HOUSE_STYLE: .*cannot be read"):
        settings_from_environment()


def test_every_page_has_the_school_s_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, EXAMPLE.read_text("utf-8"))
    environment(monkeypatch, file)
    tool = create_app(settings_from_environment())
    client = tool.test_client()
    page = client.get("/s/x/").text
    (address,) = re.findall(r'href="(/house-style-\w+\.css)"', page)
    assert page.index("/static/app-") < page.index(address)
    sheet = client.get(address)
    assert sheet.text == read_house_style(file).css
    assert sheet.mimetype == "text/css"
    assert "immutable" in sheet.headers["Cache-Control"]
    other = client.get("/house-style-0123.css")
    assert other.status_code == 404
    assert other.headers["Cache-Control"] == "no-store"
    let_go(tool)


def test_without_one_no_page_asks_for_it(school: School, app: Flask) -> None:
    assert "house-style" not in school.visit(school.pupil()).get("/").text
    assert app.test_client().get("/house-style-0123.css").status_code == 404

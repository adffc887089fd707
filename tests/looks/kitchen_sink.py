"""Renders the pages beside this file, of invented content, to see the components without the app.

`python tests/looks/kitchen_sink.py FOLDER` writes them with the built style sheet next to them.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "pages"
STATIC = ROOT / "lti_tool" / "static"


def environment() -> Environment:
    """Return a bare Jinja environment with stand-ins for what the app adds."""
    manifest = json.loads((STATIC / "manifest.json").read_text())
    loader = FileSystemLoader([ROOT / "templates", PAGES])
    made = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.globals.update(
        _=lambda text, **values: text % values if values else text,
        asset=lambda name: manifest[name],
        csp_nonce="n0nce",
        home_url="#home",
        course_title="Mentoruur 3B",
        footer_links=[("Privacy", "#privacy"), ("Hulp", "#hulp")],
    )
    return made


def pages() -> Iterator[tuple[str, str]]:
    """Yield name and HTML of every page."""
    made = environment()
    for path in sorted(PAGES.glob("*.html")):
        yield path.name, made.get_template(path.name).render()


def main(folder: Path) -> None:
    """Write every page and the built files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for built in STATIC.glob("app-*"):
        shutil.copy(built, folder)
    for name, html in pages():
        (folder / name).write_text(html)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

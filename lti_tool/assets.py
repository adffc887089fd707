"""The built style sheet and script, under names that carry their content's hash."""

import json
from pathlib import Path

from flask import Flask, url_for

MANIFEST = Path(__file__).parent / "static" / "manifest.json"


def install(app: Flask) -> None:
    """Give templates `asset("app.css")`."""
    names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))

    def asset(name: str) -> str:
        return url_for("static", filename=names[name])

    app.jinja_env.globals["asset"] = asset

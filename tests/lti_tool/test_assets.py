"""The built style sheet and script: fresh, complete, self-contained, and legible.

The digest of the sources is the one `lti_tool/assets/build.mjs` writes; when it differs,
run `npm ci && npm run build` in that folder.
"""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "lti_tool" / "assets"
STATIC = ROOT / "lti_tool" / "static"
MANIFEST = json.loads((STATIC / "manifest.json").read_text())


def digest() -> str:
    """Return the SHA-256 over path, NUL, content, NUL of every source, in order of path."""
    inside = [path for folder in ("css", "js") for path in (SOURCES / folder).rglob("*")]
    single = [SOURCES / name for name in ("build.mjs", "package.json", "package-lock.json")]
    files = {
        path.relative_to(SOURCES).as_posix(): path for path in inside + single if path.is_file()
    }
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(name.encode() + b"\0" + files[name].read_bytes() + b"\0")
    return total.hexdigest()


def test_built_files_belong_to_these_sources() -> None:
    assert MANIFEST["sources"] == digest()


def test_manifest_names_exactly_the_built_files() -> None:
    named = {name for key, name in MANIFEST.items() if key != "sources"}
    assert {path.name for path in STATIC.glob("*-*.*s*") if path.suffix in {".css", ".js"}} == named


def test_style_sheet_fetches_nothing() -> None:
    assert not re.search(r"@import|url\(|//", (STATIC / MANIFEST["app.css"]).read_text())


@pytest.mark.parametrize("name", ["app.js", "guide.js", "lti.js", "renew.js"])
def test_script_names_no_address(name: str) -> None:
    assert not re.search(r"https?://|import\(", (STATIC / MANIFEST[name]).read_text())


def test_notices_name_every_bundled_package_with_its_licence() -> None:
    notices = (STATIC / "THIRD-PARTY-NOTICES.txt").read_text()
    packages = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    for name in packages[""]["dependencies"]:
        package = packages[f"node_modules/{name}"]
        assert f"{name} {package['version']}\nLicence: {package['license']}\n" in notices


def test_lock_file_names_no_registry() -> None:
    packages = json.loads((SOURCES / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]


def test_templates_use_only_classes_that_the_style_sheet_has() -> None:
    known = set((SOURCES / "css" / "vendor-classes.txt").read_text().split())
    known |= set(re.findall(r"\.(lob-[\w-]+)", (STATIC / MANIFEST["app.css"]).read_text()))
    used = {
        (name, path.name)
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"\b(?:nl|utrecht|lob)-[a-z][\w-]*", path.read_text())
        if not name.endswith("-")
    }
    assert not sorted((name, path) for name, path in used if name not in known)

"""A paper as a tagged PDF (PDF/UA-1), set by typst in this process: no system library or font."""

import json
import unicodedata
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import structlog
import typst

from lti_tool.takeaways.paper import Paper

log = structlog.get_logger("takeaways")

HERE = Path(__file__).parent
ROOT = HERE / "typst"
"""All that a paper can read: our own template."""
ONE_AT_A_TIME = Lock()
KEPT = "\n\t"
UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn"})
"""Control characters, halves of characters, private ones: no font has a sign for them."""


def typeset(paper: Paper) -> bytes:
    """Return the PDF. A text with a sign that our fonts lack comes out with a box for it."""
    inputs = {"paper": json.dumps(_visible(paper.as_data()), ensure_ascii=False)}
    with ONE_AT_A_TIME:
        try:
            made = _compiler().compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
        except typst.TypstError:
            # PDF/UA forbids the box; tags, language and title are there without its stamp too.
            log.info("paper", standard="without_stamp")
            made = _compiler().compile(format="pdf", sys_inputs=inputs)
    assert isinstance(made, bytes)  # noqa: S101 one file: a list is for images
    return made


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        ROOT / "paper.typ",
        root=ROOT,
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,
    )


def _visible(value: Any) -> Any:
    """The same data without signs that nobody can see."""
    if isinstance(value, dict):
        return {key: _visible(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_visible(one) for one in value]
    return "".join(map(_sign, value)) if isinstance(value, str) else value


def _sign(one: str) -> str:
    return one if one in KEPT or unicodedata.category(one) not in UNSEEN else "\ufffd"

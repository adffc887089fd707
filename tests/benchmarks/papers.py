"""How long a PDF takes, the first of a process and the next ones: part of `make bench`."""

import sys
import time

from lti_tool.takeaways.paper import Paper
from lti_tool.takeaways.pdf import typeset

LIMIT_MS = 300.0
PARAGRAPH = "Ik wil weten of zorg bij mij past, omdat ik op stage rustig bleef. 😀 مرحبا "


def report(number: int, parts: int) -> Paper:
    """A report with texts of its own, so that nothing of the last one is used again."""
    paper = Paper(f"Verslag {number}", "Noor Bakker", language="nl")
    for part in range(parts):
        paper.heading(f"Deel {part} van {number}")
        paper.text(f"{number}.{part} {PARAGRAPH * 4}")
        paper.bullets(f"{number}.{part}.{one} {PARAGRAPH}" for one in range(3))
    return paper


def main() -> int:
    """Print the table; 0 when a report stayed under its limit. A book of a report has none."""
    took = {
        "the first of a process": _milliseconds(report(0, 12)),
        "a report": max(_milliseconds(report(number, 12)) for number in range(1, 21)),
    }
    for name, milliseconds in took.items():
        sys.stdout.write(f"PDF, {name}: {milliseconds:.0f} ms (limit {LIMIT_MS:.0f})\n")
    sys.stdout.write(f"PDF, ten thousand words: {_milliseconds(report(30, 90)):.0f} ms\n")
    return int(any(one >= LIMIT_MS for one in took.values()))


def _milliseconds(paper: Paper) -> float:
    begin = time.perf_counter()
    typeset(paper)
    return (time.perf_counter() - begin) * 1000


if __name__ == "__main__":
    sys.exit(main())

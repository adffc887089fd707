"""A paper: what a PDF and its print page both show, as blocks; so the two are always equal.

Blocks are data. What people wrote is set as it stands, never read as markup.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from lti_tool.languages import language_now

Kind = Literal["heading", "text", "quiet", "labelled", "list", "columns"]


@dataclass(frozen=True)
class Block:
    """One piece of a paper; which of the fields it uses depends on its kind."""

    kind: Kind
    text: str = ""
    label: str = ""
    level: int = 2
    """Of a heading: 2 under the title, and so on."""
    items: tuple[str, ...] = ()
    """Of a list; of columns, their titles over room to write in."""


@dataclass
class Paper:
    """A paper under construction: add what there is, in reading order."""

    title: str
    author: str
    facts: str = ""
    """One line under the title: which conversation, when, with whom."""
    language: str = field(default_factory=language_now)
    blocks: list[Block] = field(default_factory=list)

    def heading(self, text: str, level: int = 2) -> None:
        """Begin a part."""
        self.blocks.append(Block("heading", text, level=level))

    def text(self, text: str) -> None:
        """Add what somebody wrote, with its own line ends; nothing for an empty text."""
        if text.strip():
            self.blocks.append(Block("text", text))

    def quiet(self, text: str) -> None:
        """Add a line of ours that explains."""
        self.blocks.append(Block("quiet", text))

    def labelled(self, label: str, text: str) -> None:
        """Add a text under the question it answers; nothing for an empty text."""
        if text.strip():
            self.blocks.append(Block("labelled", text, label))

    def bullets(self, items: Iterable[str]) -> None:
        """Add a list; nothing when it is empty."""
        given = tuple(items)
        if given:
            self.blocks.append(Block("list", items=given))

    def columns(self, *titles: str) -> None:
        """Add empty columns to write in by hand."""
        self.blocks.append(Block("columns", items=titles))

    def add(self, part: "Paper") -> None:
        """Add another paper as a part of this one, its headings one level down."""
        self.heading(part.title)
        if part.facts:
            self.quiet(part.facts)
        for one in part.blocks:
            deeper = one.level + 1 if one.kind == "heading" else one.level
            self.blocks.append(Block(one.kind, one.text, one.label, deeper, one.items))

    def as_data(self) -> dict[str, Any]:
        """As plain data, for JSON."""
        return asdict(self)

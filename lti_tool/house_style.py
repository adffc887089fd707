"""A school's house style: one token file that replaces values of `assets/css/tokens.css`.

    {"light": {"color-accent": "#7a1f5c"}, "dark": {"color-accent": "#e8a6cf"}}

The names are those of the tokens without `--lob-`. "light" holds sizes and fonts too, "dark" only
colours; what is left out stays as it is. A file that makes anything hard to read is refused at the
start, by the contrast that WCAG 2 asks of each pair of colours the pages use.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOOKS = ("light", "dark")
TEXT_CONTRAST, EDGE_CONTRAST = 4.5, 3.0
"""WCAG 2.2: 1.4.3 for text, 1.4.11 for what shows where a control is and which has the focus."""
TEXT = [
    *[
        (ink, ground)
        for ink in ("ink", "quiet", "accent", "danger")
        for ground in ("page", "surface")
    ],
    ("ink", "accent-tint"),
    ("accent-strong", "accent-tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("goal", "page"),
    *[(ink, "goal-tint") for ink in ("ink", "quiet", "goal", "accent")],
    *[(tone, f"{tone}-tint") for tone in ("ok", "info", "warning", "danger")],
    *[("ink", f"{tone}-tint") for tone in ("ok", "info", "warning", "danger")],
    *[("quiet", f"{tone}-tint") for tone in ("accent", "info")],
    *[("accent", f"{tone}-tint") for tone in ("ok", "info", "warning", "danger")],
]
EDGES = [(edge, ground) for edge in ("border", "focus", "accent") for ground in ("page", "surface")]
COLOR = "color-"
SHAPES = {
    COLOR: (r"#[0-9a-f]{6}", "a colour such as #0d5c58"),
    "font-": (r"""([\w \-,]|"[\w \-]+"|'[\w \-]+')+""", 'names of fonts, such as "Verdana", serif'),
    "size-": (r"(0\.(8[5-9]|9)\d*|[1-9]\d*(\.\d+)?)rem", "at least 0.85rem, to be read"),
    "measure": (r"[2-9]\d(\.\d+)?rem", "from 20rem to 99rem"),
    "width": (r"[4-9]\d(\.\d+)?rem|1\d\d(\.\d+)?rem", "from 40rem to 199rem"),
    "target": (r"(1\.[5-9]\d*|[2-9](\.\d+)?)rem", "at least 1.5rem, for fingers"),
    "line": (r"[12](\.\d+)?", "a number such as 1.55"),
    "": (r"\d+(\.\d+)?(rem|px)", "a length such as 0.5rem"),
}
"""By the beginning of a token's name, the first that fits: what its value looks like. Nothing that
fits can end the rule it stands in or fetch anything."""


class HouseStyleError(ValueError):
    """A token file that cannot be used; the message says where and why."""


@dataclass(frozen=True)
class Contrast:
    """A pair of colours that the pages use, in one look."""

    look: str
    ink: str
    ground: str
    ratio: float
    least: float

    @property
    def is_enough(self) -> bool:
        """Whether it can be read."""
        return self.ratio >= self.least

    def __str__(self) -> str:
        return (
            f"{self.look}: {COLOR}{self.ink} on {COLOR}{self.ground} has a contrast of "
            f"{self.ratio:.2f}, and {self.least} is needed"
        )


@dataclass(frozen=True)
class HouseStyle:
    """What a token file says, checked."""

    light: Mapping[str, str]
    dark: Mapping[str, str]

    @property
    def css(self) -> str:
        """The style sheet that comes after ours.

        In dark a colour that the school gave for light alone is ours again: its light one would
        win there too, and it was not measured against dark grounds.
        """
        ours = our_tokens()["dark"]
        dark = {name: ours[name] for name in self.light if name in ours} | dict(self.dark)
        night = f"@media screen and (prefers-color-scheme:dark){{{_rule(dark)}}}"
        return _rule(self.light) + (night if dark else "")

    @property
    def digest(self) -> str:
        """Another one for another style: browsers keep the sheet long."""
        return hashlib.sha256(self.css.encode()).hexdigest()[:16]


def our_tokens() -> dict[str, dict[str, str]]:
    """Our own values by look and name, as the build wrote them."""
    file = Path(__file__).parent / "static" / "tokens.json"
    found: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def read_house_style(path: Path) -> HouseStyle:
    """Read and check a token file. Raises HouseStyleError with one line."""
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise HouseStyleError(f"cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise HouseStyleError(f"is no JSON: {error}") from error
    if not isinstance(document, dict) or not set(document) <= set(LOOKS):
        raise HouseStyleError('must be an object with "light" and "dark"')
    ours = our_tokens()
    said = {look: _checked(look, document.get(look, {}), ours[look]) for look in LOOKS}
    style = HouseStyle(**said)
    for one in contrasts(style):
        if not one.is_enough:
            raise HouseStyleError(str(one))
    return style


def contrasts(style: HouseStyle) -> Iterator[Contrast]:
    """Every pair the pages use, in both looks, with our values where the style has none."""
    ours = our_tokens()
    light = {**ours["light"], **style.light}
    for look, tokens in (("light", light), ("dark", {**light, **ours["dark"], **style.dark})):
        for pairs, least in ((TEXT, TEXT_CONTRAST), (EDGES, EDGE_CONTRAST)):
            for ink, ground in pairs:
                ratio = contrast(tokens[COLOR + ink], tokens[COLOR + ground])
                yield Contrast(look, ink, ground, ratio, least)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (`#rrggbb`), from 1 to 21, as WCAG 2 defines it."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def _checked(look: str, said: object, known: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(said, dict):
        raise HouseStyleError(f"{look}: must be an object with tokens")
    checked = {}
    for name, value in said.items():
        if name not in known:
            raise HouseStyleError(f"{look}: there is no token {str(name)[:60]}")
        shape, example = next(one for begin, one in SHAPES.items() if name.startswith(begin))
        if not isinstance(value, str) or not re.fullmatch(shape, value, re.ASCII | re.IGNORECASE):
            raise HouseStyleError(f"{look}: {name} must be {example}")
        checked[name] = value.lower() if name.startswith(COLOR) else value
    return checked


def _rule(tokens: Mapping[str, str]) -> str:
    return ":root{" + "".join(f"--lob-{name}:{value};" for name, value in tokens.items()) + "}"

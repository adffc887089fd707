"""`/stijl`, in the demo alone: the visual language on one page, with its tokens and components.

The tokens are those the build wrote from `assets/css/tokens.css`, and the contrasts those that a
school's token file must keep.
"""

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, url_for

from lti_tool.access import open_to_all
from lti_tool.field_views import FieldView
from lti_tool.house_style import COLOR, LOOKS, Contrast, HouseStyle, contrasts, our_tokens
from lti_tool.instrument_now import instrument_now
from lti_tool.languages import speak
from lti_tool.models import Language

style_page = Blueprint("style", __name__)


@dataclass(frozen=True)
class Color:
    """A colour in both looks."""

    name: str
    light: str
    dark: str


@style_page.get("/stijl")
@open_to_all
def page() -> str:
    """Everything pages are made of, in every state. In Dutch, like the demo's LMS."""
    speak(Language.DUTCH)
    groups = [group for phase in instrument_now().phases for group in phase.groups]
    style = current_app.config["LOB"].house_style or HouseStyle({}, {})
    ours = our_tokens()
    light = {**ours["light"], **style.light}
    dark = {**light, **ours["dark"], **style.dark}
    names = [name for name in light if name.startswith(COLOR)]
    return render_template(
        "style/page.html",
        colors=[Color(one, light[one], dark[one]) for one in names],
        pairs=_pairs(list(contrasts(style))),
        others=[(name, value) for name, value in light.items() if not name.startswith(COLOR)],
        field=_field,
        asking_on=next(one for one in groups if one.kind == "probing"),
        here=url_for("style.page"),
    )


def _pairs(measured: list[Contrast]) -> list[tuple[Contrast, Contrast]]:
    """Each pair in light and in dark."""
    light, dark = ([one for one in measured if one.look == look] for look in LOOKS)
    return list(zip(light, dark, strict=True))


def _field(
    key: str, text: str = "", *, error: str = "", other: str = "", is_open: bool = True
) -> FieldView:
    """A field that saves itself, as a page of a conversation would have it."""
    return FieldView(
        key=key,
        label="Wat wil je bespreken?",
        text=text,
        revision=1,
        url="",
        draft="",
        hint="Bijvoorbeeld iets van je stage.",
        visibility="Jij en je mentor",
        error=error,
        other_text=other,
        open=is_open,
    )

"""The built style sheet and script, under names that carry their content's hash."""

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from lti_tool.access import open_to_all
from lti_tool.house_style import HouseStyle
from lti_tool.school_words import Voice, voice_now

MANIFEST = Path(__file__).parent / "static" / "manifest.json"


assets = Blueprint("assets", __name__)


@assets.get("/house-style-<digest>.css")
@open_to_all
def house_style_sheet(digest: str) -> Response:
    """The school's values, after ours. The digest is in the address so that it can be kept long."""
    style: HouseStyle | None = current_app.config["LOB"].house_style
    if style is None or digest != style.digest:
        raise NotFound("no_such_style")
    return Response(style.css, mimetype="text/css")


def install(app: Flask) -> None:
    """Give templates `asset("app.css")`, and `house_style()` where a school has its own."""
    style: HouseStyle | None = app.config["LOB"].house_style
    if style is not None:
        digest = style.digest
        app.jinja_env.globals["house_style"] = lambda: url_for(
            "assets.house_style_sheet", digest=digest
        )
    names: dict[str, str] = json.loads(MANIFEST.read_text(encoding="utf-8"))

    def asset(name: str) -> str:
        return url_for("static", filename=names[name])

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["script_texts"] = lambda: _script_texts(voice_now())
    app.jinja_env.globals["guide_texts"] = lambda: _guide_texts(voice_now())


@cache
def _script_texts(_voice: Voice) -> str:
    """As JSON: it stands on every page, and only the voice changes it."""
    return json.dumps(script_texts(), ensure_ascii=False)


@cache
def _guide_texts(_voice: Voice) -> str:
    return json.dumps(guide_texts(), ensure_ascii=False)


def guide_texts() -> dict[str, str]:
    """What `js/guide.js` says to people, on the guide's pages alone."""
    return {
        "minutes": _("{number} min"),
        "asked": _("Gesteld ✓"),
        "notAsked": _("Gesteld?"),
        "news": _("Er kwam iets bij om {time}."),
        "gone": _("Er is geen verbinding. Op deze pagina kun je gewoon verdergaan."),
        "back": _("Er is weer verbinding."),
        "waiting": _(
            "Er is geen verbinding. Ga gerust verder op deze pagina: wat hier staat, is op "
            "dit apparaat bewaard en wordt vanzelf verstuurd."
        ),
        "waitingUnkept": _(
            "Er is geen verbinding, en je browser bewaart hier niets. Laat deze pagina open: dan "
            "wordt het vanzelf verstuurd."
        ),
        "delivered": _("Er is weer verbinding. Alles is om {time} verstuurd."),
        "needsLine": _("Dit kan pas als er weer verbinding is. Er gaat niets verloren."),
        "stay": _(
            "Er is geen verbinding, dus een andere pagina openen lukt nu niet. Op deze pagina kun "
            "je gewoon verder schrijven."
        ),
        "refused": _("Niet opgeslagen: {what} ({why})"),
        "changed": _("Het gesprek is intussen veranderd."),
        "someRefused": _("Er is weer verbinding. Niet alles kon worden opgeslagen; zie hieronder."),
        "discard": _("Weggooien"),
    }


def script_texts() -> dict[str, str]:
    """What `js/autosave.js` says to people."""
    return {
        "saving": _("Bezig met opslaan…"),
        "saved": _("Opgeslagen om {time}"),
        "offline": _(
            "Niet opgeslagen: er is geen verbinding. Je tekst blijft hier staan en we proberen "
            "het opnieuw."
        ),
        "failed": _("Niet opgeslagen. Je tekst blijft hier staan en we proberen het opnieuw."),
        "choiceFailed": _("Je keuze is niet opgeslagen. Sla haar onderaan de pagina opnieuw op."),
        "restored": _("Tekst die nog niet was opgeslagen, is teruggezet."),
        "ended": _(
            "Je sessie is afgelopen. Je tekst is op dit apparaat bewaard. Open het "
            "loopbaangesprek opnieuw via {course}, dan staat hij er weer."
        ),
        "endedUnkept": _(
            "Je sessie is afgelopen, en je browser bewaart hier niets. Kopieer eerst je tekst. "
            "Open dan het loopbaangesprek opnieuw via {course} en plak hem daar."
        ),
        "back": _("Terug naar de cursus"),
        "conflict": _("Deze tekst is intussen in een ander venster veranderd. Daar staat nu:"),
        "keepMine": _("Mijn tekst bewaren"),
        "takeOther": _("Die tekst gebruiken"),
    }

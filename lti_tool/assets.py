"""The built style sheet and script, under names that carry their content's hash."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, url_for
from flask_babel import gettext as _

from lti_tool.school_words import Voice, voice_now

MANIFEST = Path(__file__).parent / "static" / "manifest.json"


def install(app: Flask) -> None:
    """Give templates `asset("app.css")`."""
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

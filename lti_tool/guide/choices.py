"""How this teacher wants the guide: questions one by one or in groups, keys and clock on or off.

Kept with the person, so the guide looks the same at the next pupil; each works without a script.
"""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.guide.blueprint import back_to, guide
from lti_tool.instrument_now import instrument_now
from lti_tool.models import db
from lti_tool.records import own_or_course_conversation

CHOICES = {
    "one_by_one": "guide_one_by_one",
    "keys": "guide_keys",
    "clock": "guide_clock",
}
"""Names in the form, and the person's columns."""


@guide.get("/options")
@requires(Right.GUIDE)
def options(conversation_id: int) -> str:
    """The keys, and all choices."""
    conversation = own_or_course_conversation(conversation_id)
    return render_template(
        "guide/options.html",
        conversation=conversation,
        phase=_phase(request.args.get("phase", "")),
        keys=_keys(),
    )


@guide.post("/options")
@requires(Right.GUIDE)
def choose(conversation_id: int) -> Response:
    """Take over the choices that the form carries: "1" or ""."""
    conversation = own_or_course_conversation(conversation_id)
    for name, column in CHOICES.items():
        if name in request.form:
            setattr(visit().person_record(), column, bool(request.form[name]))
    db.session.commit()
    phase = _phase(request.form.get("phase", ""))
    if request.form.get("back") == "phase":
        return back_to(conversation, phase, "question-list")
    return redirect(
        url_for("guide.options", conversation_id=conversation.id, phase=phase),
        303,
    )


def _phase(key: str) -> str:
    return key if key in instrument_now().phase_by_key else "doel"


def _keys() -> list[tuple[str, str]]:
    """What `assets/js/keys.js` listens to, and what it does."""
    return [
        ("n", _("naar de volgende fase")),
        ("p", _("naar de vorige fase")),
        ("1 … 9, 0", _("naar fase 1 tot en met 10")),
        ("j", _("naar de volgende vraag")),
        ("k", _("naar de vorige vraag")),
        ("g", _("deze vraag is gesteld, of toch niet")),
        ("d", _("doorvragen bij deze vraag openen of sluiten")),
        ("t", _("de toelichting openen of sluiten")),
        ("m", _("naar de vragen die beantwoord moeten worden")),
        ("o", _("naar het eerste veld om iets te noteren")),
        ("w", _("wisselen: één vraag tegelijk of alle vragen")),
        ("Esc", _("uit een veld, terug naar de vragen")),
        ("?", _("deze uitleg")),
    ]

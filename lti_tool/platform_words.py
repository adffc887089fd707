"""Why the LMS gave or took nothing, in Dutch, and which switch there helps.

The names of the switches are as Moodle 4.5 and Canvas show them to an administrator.
"""

from flask_babel import gettext as _

SWITCH_REASONS = frozenset({"not_offered", "forbidden", "scope_missing", "unauthorized"})
LATER_REASONS = frozenset({"unreachable", "slow", "broken", "rate_limited", "not_json"})

SWITCHES = {
    ("moodle", "roster"): "IMS LTI Names and Role Provisioning",
    ("moodle", "grades"): "IMS LTI Assignment and Grade Services",
    ("canvas", "roster"): (
        "Can retrieve user data associated with the context the tool is installed in"
    ),
    ("canvas", "grades"): (
        "Can create and view assignment data in the gradebook associated with the tool"
    ),
}


def why(reason: str) -> str:
    """What happened, as one sentence. An unknown reason is a fault, and says so."""
    return {
        "not_offered": _("Je leeromgeving biedt dit in deze cursus niet aan."),
        "unreachable": _("De leeromgeving was niet te bereiken."),
        "slow": _("De leeromgeving antwoordde niet op tijd."),
        "broken": _("De leeromgeving had zelf een storing."),
        "not_json": _("De leeromgeving stuurde een webpagina in plaats van gegevens."),
        "rate_limited": _("De leeromgeving vraagt ons even te wachten."),
        "forbidden": _("De leeromgeving staat ons dit niet toe."),
        "unauthorized": _("De leeromgeving staat ons dit niet toe."),
        "scope_missing": _("De leeromgeving staat ons dit niet toe."),
        "token_refused": _("De leeromgeving herkent onze koppeling niet meer."),
        "disabled": _("De koppeling met deze leeromgeving staat uit."),
        "not_found": _("De leeromgeving kent dit adres niet meer."),
        "gone": _("De leeromgeving kent dit adres niet meer."),
        "refused": _("De leeromgeving nam dit niet aan."),
        "empty": _("De leeromgeving stuurde een lege lijst. Die hebben we niet overgenomen."),
        "teacher_missing": _(
            "Op de lijst ontbreekt de docent die hier het laatst was. "
            "Daarom hebben we de lijst niet overgenomen."
        ),
        "not_in_course": _("De leerling stond toen niet in de cursus."),
        "other_course": _("De leeromgeving stuurde de lijst van een andere cursus."),
    }.get(reason, _("De leeromgeving stuurde iets wat we niet konden gebruiken."))


def what_to_do(reason: str, family: str, service: str, *, by_itself: bool = False) -> str:
    """What the teacher or the administrator can do; `service` is "roster" or "grades".

    `by_itself`: it will be tried again without anybody.
    """
    if by_itself:
        return _("Je hoeft niets te doen. Blijft dit zo? Vertel het de beheerder van je school.")
    if reason in SWITCH_REASONS:
        return _("Vraag de beheerder van je school:") + " " + _switch(family, service)
    anew = _("Open het loopbaangesprek opnieuw vanuit je cursus en probeer het nog een keer.")
    later = _("Probeer het later opnieuw. Blijft dit zo? Vertel het de beheerder van je school.")
    advice = {
        "teacher_missing": _(
            "Controleer bij de deelnemers van de cursus of jij daar als docent staat, "
            "en open het loopbaangesprek daarna opnieuw."
        ),
        "not_in_course": _("Staat de leerling weer in de cursus? Probeer het dan opnieuw."),
        "empty": _("Controleer de deelnemers van de cursus en probeer het daarna opnieuw."),
        "not_found": anew,
        "gone": anew,
        **dict.fromkeys(LATER_REASONS, later),
    }
    code = _("Geef deze code door aan de beheerder van je school: %(code)s", code=reason)
    return advice.get(reason, code)


def _switch(family: str, service: str) -> str:
    """Which switch opens a service, per LMS."""
    name = SWITCHES.get((family, service))
    if family == "moodle":
        return _("zet in Moodle bij de externe tool onder Services “%(name)s” aan.", name=name)
    if family == "canvas":
        return _("zet in Canvas bij de ontwikkelaarssleutel van de tool “%(name)s” aan.", name=name)
    if service == "roster":
        return _("geef de tool toegang tot de deelnemerslijst (Names and Role Provisioning).")
    return _("geef de tool toegang tot het cijferboek (Assignment and Grade Services).")

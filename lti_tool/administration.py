"""The administrator's page: does the connection work, and what is still to be set.

Counts and technical state of the own platform only; never a name or a text of a conversation.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.administration_counts import Counts, counts, delete_test_users
from lti_tool.lti.claims import Launch
from lti_tool.mail.status import Switch, failed_lately, switch_of, why
from lti_tool.models import Deployment, Proof, Registration, ToolKey, db, now
from lti_tool.platform_words import SWITCHES
from lti_tool.times import day

administration = Blueprint("administration", __name__, url_prefix="/s/<session_id>/administration")

CLOCK_GOOD, CLOCK_FAIR = 10.0, 60.0
"""Seconds; a launch takes a few itself, and from a minute on launches are refused."""
KINDS = ("danger", "warning", "info", "ok")
"""What asks for attention comes first."""
FAMILIES = {"moodle": "Moodle", "canvas": "Canvas"}


@dataclass(frozen=True)
class Check:
    """One line of the self-check: what, how it stands, what to do.

    `kind`: "danger" does not work, "warning" can be better, "info" is free to choose, "ok".
    """

    title: str
    kind: str
    found: str
    todo: str = ""


def launch_facts(launch: Launch) -> dict[str, Any]:
    """What an administrator's launch tells about the connection; nothing about the person."""
    return {
        "clock_seconds": round(now().timestamp() - launch.issued_at, 1),
        "deployment_id": launch.deployment_id,
        "named": bool(launch.name),
        "in_frame": launch.in_frame,
        "roster": bool(launch.memberships_url),
        "grades": bool(launch.grade_scopes),
        "unresolved": list(launch.unresolved),
    }


@administration.get("/")
@requires(Right.ADMINISTRATION)
def page() -> str:
    """Show the self-check in green and red, and the platform, its deployments and our keys."""
    session = visit().session
    registration, found = visit().platform_record(), counts(session.registration_id)
    checks = _checks(session.facts or {}, session.proof, registration, found)
    return render_template(
        "administration/page.html",
        checks=sorted(checks, key=lambda one: KINDS.index(one.kind)),
        wrong=len([one for one in checks if one.kind == "danger"]),
        attention=len([one for one in checks if one.kind == "warning"]),
        registration=registration,
        family=FAMILIES.get(registration.family, registration.family),
        found=found,
        deployments=db.session.scalars(
            select(Deployment)
            .where(Deployment.registration_id == registration.id)
            .order_by(Deployment.id)
        ).all(),
        here=(session.facts or {}).get("deployment_id"),
        keys=db.session.scalars(select(ToolKey).order_by(ToolKey.id.desc())).all(),
        return_url=session.return_url,
    )


@administration.post("/test-users")
@requires(Right.ADMINISTRATION)
def wipe_test_users() -> Response:
    """Delete what Student View and test users left behind on this platform."""
    delete_test_users(visit().session.registration_id)
    db.session.commit()
    return redirect(url_for("administration.page", _anchor="test-users"), 303)


def _checks(
    facts: dict[str, Any], proof: Proof, registration: Registration, found: Counts
) -> list[Check]:
    return [
        Check(
            _("Handtekening"),
            "ok",
            _("De leeromgeving ondertekende dit openen, en de sleutel klopt."),
        ),
        _clock(float(facts.get("clock_seconds", 0))),
        Check(_("Deployment"), "ok", _("Bekend onder id %(id)s.", id=facts["deployment_id"])),
        _names(facts, registration, found),
        _roster(facts, registration, found),
        _grades(facts, found),
        _mail(registration),
        _storage(proof),
        _window(facts, registration),
        _variables(facts.get("unresolved", [])),
        _background(found),
    ]


def _clock(seconds: float) -> Check:
    said = ngettext(
        "De klok van de leeromgeving scheelt %(num)s seconde.",
        "De klok van de leeromgeving scheelt %(num)s seconden.",
        round(seconds),
    )
    advice = _("Zet de klok van de server gelijk (NTP). Vanaf een minuut verschil mislukt openen.")
    if abs(seconds) <= CLOCK_GOOD:
        return Check(_("Klok"), "ok", said)
    return Check(_("Klok"), "warning" if abs(seconds) < CLOCK_FAIR else "danger", said, advice)


def _names(facts: dict[str, Any], registration: Registration, found: Counts) -> Check:
    said = ngettext(
        "Van %(named)s van %(num)s persoon kennen we de naam.",
        "Van %(named)s van %(num)s mensen kennen we de naam.",
        found.people,
        named=found.named,
    )
    if not found.people:
        said = _("Er heeft nog niemand het loopbaangesprek geopend.")
    if facts.get("named") and found.named == found.people:
        return Check(_("Namen"), "ok", said)
    switch = {
        "moodle": _(
            "Zet bij de externe tool, onder Privacy, “Deel de naam van degene die start met de "
            "tool” op “Altijd”."
        ),
        "canvas": _("Zet het privacyniveau van de app op “Alleen naam”."),
    }.get(registration.family, _("Geef in de leeromgeving namen door aan deze tool."))
    return Check(_("Namen"), "warning" if facts.get("named") else "danger", said, switch)


def _roster(facts: dict[str, Any], registration: Registration, found: Counts) -> Check:
    said = ngettext(
        "Gelezen in %(read)s van %(num)s cursus.",
        "Gelezen in %(read)s van %(num)s cursussen.",
        found.courses,
        read=found.rosters_read,
    )
    if not found.courses:
        said = _("De leeromgeving biedt de lijst aan. We kennen nog geen cursus.")
    if found.rosters_failed:
        said += " " + ngettext(
            "Bij %(num)s cursus lukte het niet.",
            "Bij %(num)s cursussen lukte het niet.",
            found.rosters_failed,
        )
    if not facts.get("roster"):
        name = SWITCHES.get((registration.family, "roster"), "")
        switch = {
            "moodle": _("Zet bij de externe tool, onder Services, “%(name)s” aan.", name=name),
            "canvas": _("Zet bij de developer key de scope “%(name)s” aan.", name=name),
        }.get(registration.family, _("Zet de dienst Names and Roles aan voor deze tool."))
        return Check(
            _("Klassenlijst"), "danger", _("De leeromgeving biedt ons geen lijst."), switch
        )
    if found.rosters_failed:
        said += " " + _("Reden: %(list)s.", list=", ".join(found.roster_reasons))
        advice = _("Docenten zien in hun ronde, onder Klassenlijst, wat er dan nodig is.")
        return Check(_("Klassenlijst"), "warning", said, advice)
    return Check(_("Klassenlijst"), "ok", said)


def _grades(facts: dict[str, Any], found: Counts) -> Check:
    if not facts.get("grades"):
        return Check(
            _("Cijferboek"),
            "info",
            _(
                "De leeromgeving biedt ons geen cijferboek. Dat is alleen nodig als docenten "
                "daarin willen zien wie de voorbereiding verstuurde."
            ),
        )
    said = _(
        "%(sent)s meldingen verstuurd, %(waiting)s wachten, %(failed)s mislukt.",
        sent=found.reports_sent,
        waiting=found.reports_waiting,
        failed=found.reports_failed,
    )
    return Check(_("Cijferboek"), "warning" if found.reports_failed else "ok", said)


def _mail(registration: Registration) -> Check:
    switch = switch_of(registration)
    if switch is Switch.NO_SERVER:
        return Check(_("Mail"), "info", _("Deze installatie heeft geen mailserver. Dat mag."))
    if switch is Switch.OFF:
        return Check(
            _("Mail"), "info", _("Docenten kunnen niet mailen. Onder “Mail” zet je het aan.")
        )
    reasons = failed_lately(registration.id)
    if not reasons:
        return Check(_("Mail"), "ok", _("In de afgelopen week is geen mail mislukt."))
    said = ngettext(
        "In de afgelopen week is %(num)s mail mislukt.",
        "In de afgelopen week zijn %(num)s mails mislukt.",
        sum(reasons.values()),
    )
    said = " ".join([said, *sorted({why(one) for one in reasons})])
    advice = _("Controleer de mailserver (LOB_SMTP_URL) en de adressen in de leeromgeving.")
    return Check(_("Mail"), "warning", said, advice)


def _storage(proof: Proof) -> Check:
    said = {
        Proof.COOKIE: _("Deze browser geeft onze cookies terug. Zo hoort het."),
        Proof.PLATFORM_STORAGE: _("Zonder cookies, via de opslag van de leeromgeving."),
        Proof.FRAME_STORAGE: _("Zonder cookies, via de opslag van het venster."),
        Proof.NEW_TAB: _("Zonder cookies en opslag, in een nieuw tabblad."),
    }[proof]
    advice = "" if proof is Proof.COOKIE else _("Sta cookies toe voor dit adres, als dat kan.")
    return Check(_("Onthouden wie je bent"), "ok" if not advice else "warning", said, advice)


def _window(facts: dict[str, Any], registration: Registration) -> Check:
    """Moodle's frame is small (measured on 4.5); Canvas' is as large as the page."""
    if not facts.get("in_frame"):
        return Check(_("Venster"), "ok", _("We openen op een hele pagina."))
    said = _("We openen in een kader op de pagina van de cursus.")
    if registration.family != "moodle":
        return Check(_("Venster"), "ok", said)
    return Check(
        _("Venster"),
        "warning",
        said + " " + _("Dat is in Moodle klein."),
        _(
            "Zet bij de externe tool “Default launch container” op “New window” of "
            "“Existing window”."
        ),
    )


def _variables(unresolved: list[str]) -> Check:
    if not unresolved:
        return Check(_("Variabelen"), "ok", _("Alles wat we vroegen, is ingevuld."))
    return Check(
        _("Variabelen"),
        "info",
        _(
            "Niet ingevuld: %(names)s. Zonder geschiedenis van de cursus herkennen we een kopie "
            "minder goed.",
            names=", ".join(unresolved),
        ),
    )


def _background(found: Counts) -> Check:
    if found.waiting_since is None:
        return Check(_("Achtergrondtaken"), "ok", _("Er wacht niets."))
    return Check(
        _("Achtergrondtaken"),
        "danger",
        _("Er wacht werk sinds %(day)s.", day=day(found.waiting_since)),
        _("Draait het proces `loopbaangesprek worker` wel?"),
    )

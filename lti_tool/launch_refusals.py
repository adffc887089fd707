"""What people read when a launch is refused: why, and what they can do about it."""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True)
class Trouble:
    """What a page of trouble says."""

    title: str
    what: str
    next: str


@dataclass(frozen=True)
class Refusal:
    """The page for one reason. `for_helpdesk`: the reason stands on it, to pass on."""

    trouble: Trouble
    status: int = 400
    for_helpdesk: bool = True


OTHER_PLATFORM = {"unknown_platform", "disabled_platform"}
SIGNATURE = {"wrong_signature", "wrong_algorithm", "unknown_key", "missing_kid"}
CLOCK = {"expired_token", "old_token", "issued_in_the_future"}
UNREACHABLE = {"platform_keys_unreachable", "platform_keys_unreadable"}
OTHER_TOOL = {"wrong_audience", "missing_audience", "state_of_other_platform"}
OPENED_DIRECTLY = {"missing_state", "missing_token"}
USED = {"state_used_or_unknown", "wrong_nonce"}


def refusal(reason: str, detail: str = "") -> Refusal:
    """The page for a reason; one that is new here gets the general words."""
    if reason == "too_large":
        return Refusal(_general(_("Je leeromgeving stuurde meer dan we kunnen lezen.")), 413)
    if reason in UNREACHABLE:
        return Refusal(_unreachable(), 503)
    if reason in OTHER_PLATFORM:
        return Refusal(_other_platform(), 403 if reason == "disabled_platform" else 400)
    for reasons, page, for_helpdesk in (
        ({"anonymous"}, _anonymous, False),
        (USED, _used, False),
        ({"state_of_other_browser"}, _other_browser, False),
        ({"state_expired"}, _waited, False),
        (OPENED_DIRECTLY, _opened_directly, False),
        (CLOCK, _clock, True),
    ):
        if reason in reasons:
            return Refusal(page(), for_helpdesk=for_helpdesk)
    if reason == "platform_error":
        return _platform_error(detail)
    return Refusal(_general(_what(reason)))


def _again() -> str:
    return _("Ga terug naar je cursus en open het loopbaangesprek opnieuw.")


def _again_or_helpdesk() -> str:
    helpdesk = _("Lukt het dan nog niet? Geef deze code door aan de beheerder van je school:")
    return f"{_again()} {helpdesk}"


def _what(reason: str) -> str:
    if reason in SIGNATURE:
        return _("De handtekening onder het bericht van je leeromgeving klopt niet.")
    if reason in OTHER_TOOL:
        return _("Je leeromgeving stuurde een bericht dat voor een ander programma is.")
    if reason == "unknown_message_type":
        return _("Je leeromgeving vroeg iets wat het loopbaangesprek niet kan.")
    if reason.startswith("missing_") or reason == "incomplete_login":
        return _("Je leeromgeving stuurde niet alles mee wat nodig is om je binnen te laten.")
    return _("Je leeromgeving stuurde iets wat we niet konden controleren.")


def _general(what: str) -> Trouble:
    return Trouble(_("Openen is niet gelukt"), what, _again_or_helpdesk())


def _used() -> Trouble:
    return Trouble(
        _("Deze pagina is al gebruikt"),
        _("Je bent teruggegaan naar een stap die maar één keer werkt."),
        _again(),
    )


def _waited() -> Trouble:
    return Trouble(
        _("Dit duurde te lang"),
        _("Tussen het klikken en het openen zat meer dan tien minuten."),
        _again(),
    )


def _opened_directly() -> Trouble:
    return Trouble(
        _("Open dit vanuit je cursus"),
        _("Deze pagina werkt alleen als je leeromgeving je hierheen stuurt."),
        _("Ga naar je cursus en open het loopbaangesprek daar."),
    )


def _other_platform() -> Trouble:
    return Trouble(
        _("Deze leeromgeving kennen we niet"),
        _("Het loopbaangesprek is nog niet gekoppeld aan de leeromgeving van je school."),
        _("Geef deze code door aan de beheerder van je school:"),
    )


def _anonymous() -> Trouble:
    return Trouble(
        _("We weten niet wie je bent"),
        _("Je leeromgeving gaf niet door wie je bent. Misschien ben je niet ingelogd."),
        _("Log in, ga naar je cursus en open het loopbaangesprek opnieuw."),
    )


def _other_browser() -> Trouble:
    return Trouble(
        _("Je begon in een andere browser"),
        _("Het openen van het loopbaangesprek moet eindigen in de browser waarin je begon."),
        _again(),
    )


def _clock() -> Trouble:
    return Trouble(
        _("De tijd klopt niet"),
        _(
            "Het bericht van je leeromgeving was te oud, of haar klok loopt niet gelijk met die"
            " van ons."
        ),
        _again_or_helpdesk(),
    )


def _unreachable() -> Trouble:
    return Trouble(
        _("Je leeromgeving geeft geen antwoord"),
        _("We konden niet nagaan of het bericht echt van je leeromgeving kwam."),
        _again_or_helpdesk(),
    )


def _platform_error(detail: str) -> Refusal:
    """The platform said no; its own words tell which no (OIDC core 3.1.2.6, Canvas)."""
    if detail.startswith("login_required"):
        trouble = Trouble(
            _("Je bent niet meer ingelogd"),
            _("Je leeromgeving weet niet meer wie je bent."),
            _("Log in bij je leeromgeving en open het loopbaangesprek opnieuw via je cursus."),
        )
        return Refusal(trouble, for_helpdesk=False)
    if detail.startswith("launch_no_longer_valid"):
        trouble = Trouble(
            _("Deze pagina is al gebruikt"),
            _("Je hebt een pagina herladen die maar één keer werkt."),
            _again(),
        )
        return Refusal(trouble, for_helpdesk=False)
    return Refusal(_general(_("Je leeromgeving liet weten dat het openen daar niet lukte.")))

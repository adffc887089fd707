"""What a refused registration says to the administrator of a Moodle or Canvas."""

from flask_babel import gettext as _

from lti_tool.launch_refusals import Trouble

NOT_ITS_OWN = {"foreign_host", "address_refused", "incomplete_configuration", "other_platform"}
TOKEN_REFUSED = {"platform_said_401", "platform_said_403"}


def trouble_of(reason: str) -> Trouble:
    """The page for a reason; the code behind it tells the rest to whoever runs the tool."""
    group = (
        "not_its_own"
        if reason in NOT_ITS_OWN
        else "token_refused"
        if reason in TOKEN_REFUSED
        else reason
    )
    return _known().get(group) or Trouble(
        _("Je leeromgeving gaf geen bruikbaar antwoord"),
        _("We konden de koppeling niet afmaken. Er is hier niets opgeslagen."),
        _again(),
    )


def _again() -> str:
    return _(
        "Open de link opnieuw vanuit je leeromgeving: de link blijft geldig. Lukt het dan nog "
        "niet? Geef deze code door aan wie het loopbaangesprek beheert:"
    )


def _known() -> dict[str, Trouble]:
    return {
        "link_used": Trouble(
            _("Deze link is al gebruikt"),
            _("Met een registratielink koppel je één leeromgeving, en dat is al gebeurd."),
            _(
                "Kijk in je leeromgeving of het loopbaangesprek er al staat. Moet het opnieuw? "
                "Vraag dan een nieuwe link aan wie het loopbaangesprek beheert."
            ),
        ),
        "link_expired": Trouble(
            _("Deze link is verlopen"),
            _("Een registratielink werkt maar een paar dagen."),
            _("Vraag een nieuwe link aan wie het loopbaangesprek beheert."),
        ),
        "link_unknown": Trouble(
            _("Deze link kennen we niet"),
            _("Misschien is het adres niet helemaal overgenomen."),
            _(
                "Kopieer de hele link nog een keer, of vraag een nieuwe aan wie het "
                "loopbaangesprek beheert."
            ),
        ),
        "not_opened_by_platform": Trouble(
            _("Open deze link in je leeromgeving"),
            _("Een registratielink werkt alleen in Moodle of Canvas, waar je een tool toevoegt."),
            _("Plak hem daar in het veld voor het registratieadres. De code van deze melding is:"),
        ),
        "not_its_own": Trouble(
            _("Deze leeromgeving kunnen we zo niet koppelen"),
            _(
                "De adressen die je leeromgeving noemt, horen niet bij elkaar, of wij mogen ze "
                "niet opvragen. Er is niets opgeslagen."
            ),
            _(
                "Koppelen kan dan met de hand. Geef deze code door aan wie het loopbaangesprek "
                "beheert:"
            ),
        ),
        "token_refused": Trouble(
            _("Je leeromgeving weigerde de registratie"),
            _("De toestemming van je leeromgeving werkt één keer en niet lang."),
            _again(),
        ),
    }

"""The coordinator's table for a spreadsheet, as Dutch Excel opens it: semicolons, UTF-8 marked."""

import csv
import io

from flask_babel import gettext as _

from lti_tool.coordination.counts import SMALLEST, Table

BECOMES_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet would carry out, were a class called so (OWASP, CSV injection)."""


def csv_of(table: Table) -> str:
    """The same lines and sum as the page shows, and nothing more."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    counted = (_("Leerlingen in deze ronde"), _("Voorbereiding verstuurd"), _("Gesprek gehouden"))
    writer.writerow([_("Klas"), _("Ronde"), *counted])
    few = _("minder dan %(number)s", number=SMALLEST)
    for line in table.lines:
        numbers = line.numbers or (few, "", "")
        writer.writerow([_plain(line.course), _plain(line.round), *numbers])
    writer.writerow([_("Alle rondes samen"), "", *table.total])
    return "\ufeff" + text.getvalue()


def _plain(value: str) -> str:
    """Text that a spreadsheet leaves alone."""
    return "'" + value if value.lstrip(" ").startswith(BECOMES_FORMULA) else value

"""The Dutch texts that address their reader, with "u" instead of "je": a gettext catalogue.

`translations/nl/LC_MESSAGES/formal.po` has an entry for each of them, and says of those that stay
"je" why; `config/formal.py` keeps it whole.
"""

from functools import cache
from pathlib import Path

from babel.support import NullTranslations, Translations

FOLDER = Path(__file__).parent / "translations"


@cache
def formal_texts() -> NullTranslations:
    """What is not in it comes out as it is written."""
    return Translations.load(str(FOLDER), ["nl"], "formal")

"""The languages of the interface; Dutch is what it is written in."""

import enum


class Language(enum.StrEnum):
    """As a tag of BCP 47."""

    DUTCH = "nl"
    ENGLISH = "en"

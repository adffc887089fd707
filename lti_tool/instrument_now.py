"""The instrument as this page says it."""

import instrument
from lti_tool.languages import language_now


def instrument_now() -> instrument.Instrument:
    """The instrument in the language of the page; its keys are the same in every language."""
    return instrument.load(language=language_now())  # noqa: TID251 the one place that knows it

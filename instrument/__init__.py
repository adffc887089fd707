"""The conversation instrument: content as YAML with stable keys, a frozen model, a loader.

Nothing here knows Flask, the database or a person; `load()` is all that others need.
"""

from instrument.loader import InstrumentError, load
from instrument.model import Group, Instrument, Phase, Question

__all__ = ["Group", "Instrument", "InstrumentError", "Phase", "Question", "load"]

"""The guide on the table: ten phases, one per screen, all reachable at once, nothing forced.

`page.py` gathers what a screen shows; the other modules each write one sort of record.
"""

from lti_tool.guide import choices, experiences, goals, outcomes, questions, views
from lti_tool.guide.blueprint import guide

__all__ = ["choices", "experiences", "goals", "guide", "outcomes", "questions", "views"]

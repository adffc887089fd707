"""The question bank: every question of the instrument per phase, and what a teacher adds to it.

`page.py` shows it, `own.py` writes own questions and wordings, `arrange.py` hides and orders,
`sharing.py` gives to colleagues and takes over from them. `school_set.py` is the
administrator's part. What guide and bank agree on stands in `lti_tool/question_bank.py`.
"""

from lti_tool.bank import arrange, own, page, sharing
from lti_tool.bank.blueprint import bank
from lti_tool.bank.school_set import school_bank

__all__ = ["arrange", "bank", "own", "page", "school_bank", "sharing"]

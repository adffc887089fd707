"""What people take along: on paper, as a tagged PDF, as data, in their calendar.

A module per paper says what is on it (`paper.py`); `pdf.py` and one template show it. Nothing is
stored here but the pupil's own texts of the sheet, as entries (`lti_tool/fields.py`).
"""

from lti_tool.takeaways import blank_views, conversation_views, dossier_views
from lti_tool.takeaways.blueprint import takeaways

__all__ = ["blank_views", "conversation_views", "dossier_views", "takeaways"]

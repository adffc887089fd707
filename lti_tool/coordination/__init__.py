"""The coordinator (decaan): how far the classes are, in counts and without any content.

`appointing.py` is the administrator's part, `views.py` the coordinator's pages, `counts.py` what
may be counted and shown, `table_file.py` the same for a spreadsheet.
"""

from lti_tool.coordination.appointing import appointing
from lti_tool.coordination.views import coordination

__all__ = ["appointing", "coordination"]

"""All routes of planning: offering times, what became of them, and choosing one."""

from lti_tool.planning import offer_views, overview_views, pupil_views
from lti_tool.planning.blueprint import planning

__all__ = ["offer_views", "overview_views", "planning", "pupil_views"]

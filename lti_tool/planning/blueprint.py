"""The routes of planning, below a session."""

from flask import Blueprint

planning = Blueprint("planning", __name__, url_prefix="/s/<session_id>")

CALENDAR = "text/calendar; charset=utf-8"

"""Appointments as events in a calendar (RFC 5545): when, where and with whom, and no more.

A conversation keeps its UID when it moves, and SEQUENCE grows: the calendar moves the event.
"""

from collections.abc import Iterable
from uuid import NAMESPACE_URL, uuid5

from flask import current_app
from flask_babel import gettext as _
from icalendar import Event

from lti_tool.calendar_file import calendar_file
from lti_tool.models import Conversation, OfferedTime, now


def agenda_of(appointments: Iterable[tuple[OfferedTime, Conversation, str]]) -> bytes:
    """The calendar file; each appointment with the name of the other."""
    return calendar_file(_event(*one) for one in appointments)


def _event(time: OfferedTime, conversation: Conversation, other: str) -> Event:
    event = Event()
    address = f"{current_app.config['LOB'].base_url}/conversations/{conversation.id}/time"
    event.add("uid", str(uuid5(NAMESPACE_URL, address)))
    booked_at = time.booked_at or conversation.created_at
    event.add("sequence", int((booked_at - conversation.created_at).total_seconds()))
    event.add("dtstamp", now())
    event.add("summary", _("Gesprek met %(name)s", name=other))
    event.add("dtstart", time.starts_at)
    event.add("dtend", time.ends_at)
    if time.place:
        event.add("location", time.place)
    event.add("class", "PRIVATE")
    return event

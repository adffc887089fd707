"""Agreements as days in a calendar (RFC 5545): this person's own, open, with a day to be done by.

All-day events and not to-dos: the calendars that schools use show no VTODO.
"""

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from flask import current_app
from flask_babel import gettext as _
from icalendar import Event

from lti_tool.access import visit
from lti_tool.calendar_file import calendar_file
from lti_tool.conversations import agreements_of
from lti_tool.models import Agreement, Conversation, Party, Role, Visibility, now


def agenda_of(found: Conversation) -> bytes:
    """The calendar file of a conversation's agreements; what others agreed to do is not in it."""
    return calendar_file(map(_event, own_dated(found)))


def own_dated(found: Conversation) -> list[Agreement]:
    """This person's own open agreements of a conversation that have a day."""
    me = Party.PUPIL if visit().role is Role.PUPIL else Party.TEACHER
    return [
        one
        for one in agreements_of(found)
        if one.visibility == Visibility.SHARED
        and one.party == me
        and one.due_on
        and one.settled is None
    ]


def _event(one: Agreement) -> Event:
    assert one.due_on is not None  # noqa: S101 own_dated chose them by it
    event = Event()
    address = f"{current_app.config['LOB'].base_url}/agreements/{one.id}"
    event.add("uid", str(uuid5(NAMESPACE_URL, address)))  # the same again: no second event
    event.add("dtstamp", now())
    event.add("summary", _("Afspraak: %(what)s", what=one.what))
    event.add("dtstart", one.due_on)
    event.add("dtend", one.due_on + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event

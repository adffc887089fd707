"""What every calendar file of ours says of itself (RFC 5545, RFC 5546)."""

from collections.abc import Iterable

from icalendar import Calendar, Event


def calendar_file(events: Iterable[Event]) -> bytes:
    """A file of events to take over, which asks for no answer."""
    calendar = Calendar()
    calendar.add("prodid", "-//Loopbaangesprek//NL")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for event in events:
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content

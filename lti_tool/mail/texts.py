"""What a mail says. Names, dates, numbers and a link: never what somebody wrote.

It is Dutch, also for a teacher who reads this tool in English: one mail goes to a whole class.
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

import instrument
from lti_tool.languages import in_dutch
from lti_tool.mail.message import one_line
from lti_tool.models import MailKind
from lti_tool.times import day, today


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that a text is made of; "" and None where there is nothing to say."""

    kind: MailKind
    round_name: str
    course_title: str
    activity_title: str = ""
    """As it stands in the course; "" when the round has no activity of its own there."""
    link: str = ""
    due_on: date | None = None
    given_name: str = ""
    """ "" for a text to a whole class."""
    teacher: str = ""
    held_on: date | None = None
    agreements: int = 0
    days: tuple[date, ...] = ()
    """By when, of those agreements that have a date."""


@in_dutch()
def subject(facts: Facts) -> str:
    """One line."""
    name = one_line(facts.round_name)
    return {
        MailKind.INVITATION: _("Bereid je voor: %(round)s", round=name),
        MailKind.REMINDER: _("Herinnering, nog niet verstuurd: %(round)s", round=name),
        MailKind.AGREEMENTS: _("Je afspraken staan klaar: %(round)s", round=name),
    }[facts.kind]


@in_dutch()
def body(facts: Facts) -> str:
    """The whole text, paragraphs with an empty line between them."""
    hello = _("Hoi %(name)s,", name=one_line(facts.given_name)) if facts.given_name else _("Hoi,")
    middle = {
        MailKind.INVITATION: _invitation,
        MailKind.REMINDER: _reminder,
        MailKind.AGREEMENTS: _agreements,
    }[facts.kind](facts)
    end = _("Op deze mail kun je niet antwoorden. Heb je een vraag? Stel hem aan je mentor.")
    return "\n\n".join([hello, *middle, where(facts), end]) + "\n"


@in_dutch()
def where(facts: Facts) -> str:
    """How to get there: the link with the words for it, or the words alone."""
    course = one_line(facts.course_title)
    if facts.activity_title:
        title = one_line(facts.activity_title)
        there = _("Ga naar je cursus %(course)s en open “%(title)s”", course=course, title=title)
    else:
        there = _("Ga naar je cursus %(course)s en open het loopbaangesprek", course=course)
    return f"{there}:\n{facts.link}" if facts.link else f"{there}."


def _invitation(facts: Facts) -> list[str]:
    teacher = one_line(facts.teacher)
    with_whom = _("je mentor, %(name)s", name=teacher) if teacher else _("je mentor")
    return [
        _(
            "Binnenkort heb je een loopbaangesprek met %(with_whom)s. "
            "Denk alvast na over deze twee vragen:",
            with_whom=with_whom,
        ),
        _questions(),
        _until(facts)
        + " "
        + _("Dat duurt ongeveer tien minuten. Weet je iets nog niet? Dan mag je dat ook invullen."),
    ]


def _reminder(facts: Facts) -> list[str]:
    return [
        _(
            "Je hebt de voorbereiding van je loopbaangesprek nog niet verstuurd. "
            "Was je al begonnen? Dan staat alles er nog. Het gaat om deze twee vragen:"
        ),
        _questions(),
        _until(facts),
    ]


def _agreements(facts: Facts) -> list[str]:
    if not facts.held_on or not facts.agreements:
        told = _("De afspraken uit jullie loopbaangesprek staan voor je klaar.")
    else:
        told = ngettext(
            "In jullie loopbaangesprek van %(day)s maakten jullie %(num)s afspraak. "
            "Die staat voor je klaar.",
            "In jullie loopbaangesprek van %(day)s maakten jullie %(num)s afspraken. "
            "Die staan voor je klaar.",
            facts.agreements,
            day=day(facts.held_on),
        )
    if facts.days:
        told += " " + _("Met deze datum: %(days)s.", days=_listed(facts.days))
    private = _("Wat jullie afspraken staat niet in deze mail. Dat lees je alleen in je cursus.")
    return [told, private]


def _questions() -> str:
    """vb-v01 and vb-v02, in the words of the source (F1)."""
    asked = instrument.load().form_questions("standard")  # noqa: TID251 mail is Dutch
    return "\n".join(f"- {question.spoken}" for question in asked)


def _until(facts: Facts) -> str:
    if facts.due_on is None:
        return _("Vul je antwoorden in en verstuur ze voor het gesprek.")
    if facts.due_on <= today():
        until = day(facts.due_on)
        return _("Dat had vóór %(day)s gemoeten, maar het kan nog.", day=until)
    return _("Vul je antwoorden in en verstuur ze vóór %(day)s.", day=day(facts.due_on))


def _listed(days: tuple[date, ...]) -> str:
    *first, last = [day(one) for one in days]
    return _("%(first)s en %(last)s", first=", ".join(first), last=last) if first else last

"""What the codes in the records are called in Dutch."""

from flask_babel import gettext as _

from lti_tool.models import (
    BEFORE_START,
    Agreed,
    Agreement,
    AgreementKind,
    Chair,
    Conversation,
    GoalOwner,
    Party,
    Purpose,
    Scope,
    Settled,
    State,
)
from lti_tool.times import day


def party(value: Party, *, to_pupil: bool = False) -> str:
    """Who; the pupil reads about themselves as "jij"."""
    if to_pupil and value in {Party.PUPIL, Party.TEACHER}:
        return _("Jij") if value == Party.PUPIL else _("Je mentor")
    return {
        Party.PUPIL: _("Leerling"),
        Party.TEACHER: _("Mentor"),
        Party.WORKPLACE: _("Praktijkopleider"),
        Party.OTHER: _("Iemand anders"),
    }[value]


def party_and_who(value: Party, description: str) -> str:
    """Who, with the role or name that was written down for them."""
    return f"{party(value)} ({description})" if description else party(value)


def the_party(value: Party) -> str:
    """Who, to begin a sentence with."""
    return {
        Party.PUPIL: _("De leerling"),
        Party.TEACHER: _("De mentor"),
        Party.WORKPLACE: _("De praktijkopleider"),
        Party.OTHER: _("Iemand anders"),
    }[value]


def goal_owner(value: GoalOwner) -> str:
    """Whose goal."""
    return {
        GoalOwner.PUPIL: _("Doel van de leerling"),
        GoalOwner.TEACHER: _("Doel van de mentor"),
        GoalOwner.TOGETHER: _("Doel van jullie samen"),
    }[value]


def agreement_kind(value: AgreementKind) -> str:
    """What sort of action."""
    return {
        AgreementKind.LOOK_UP: _("Uitzoeken"),
        AgreementKind.JOIN: _("Meegaan"),
        AgreementKind.ARRANGE: _("Regelen"),
        AgreementKind.MAKE_ASSIGNMENT: _("Opdracht maken"),
        AgreementKind.ACTION: _("Actie"),
        AgreementKind.ASSIGNMENT: _("Opdracht om iets te onderzoeken"),
        AgreementKind.EVIDENCE: _("Bewijs verzamelen"),
        AgreementKind.CONTACT: _("Contact leggen of onderhouden"),
        AgreementKind.OTHER: _("Anders"),
    }[value]


def settled(value: Settled | None) -> str:
    """How an agreement or doubt stands."""
    if value is None:
        return _("Open")
    return {
        Settled.DONE: _("Gedaan"),
        Settled.NOT_DONE: _("Niet gedaan"),
        Settled.DROPPED: _("Vervallen"),
    }[value]


def settled_by(one: Agreement, pupil_id: int, *, to_pupil: bool = False) -> str:
    """Who closed an agreement and when (V8); "" for an open one."""
    if one.settled_at is None or one.settled_by_id is None:
        return ""
    who = Party.PUPIL if one.settled_by_id == pupil_id else Party.TEACHER
    return _("%(who)s, %(date)s", who=party(who, to_pupil=to_pupil), date=day(one.settled_at))


def purpose(value: Purpose | None) -> str:
    """The teacher's choice vb-t1a."""
    if value is None:
        return _("Nog niet gekozen")
    return {
        Purpose.GUIDANCE: _("Begeleiding"),
        Purpose.ASSESSMENT: _("Beoordeling"),
        Purpose.BOTH: _("Begeleiding en beoordeling"),
    }[value]


def scope(value: Scope | None) -> str:
    """The teacher's choice vb-t1b."""
    if value is None:
        return _("Nog niet gekozen")
    return {
        Scope.CAREER: _("Loopbaan"),
        Scope.STUDY_CAREER: _("Studieloopbaan"),
        Scope.BOTH: _("Loopbaan en studieloopbaan"),
    }[value]


def sort_of_conversation(about: Purpose | None, reach: Scope | None) -> str:
    """Both choices in one line, without what is not chosen yet."""
    chosen = [purpose(about)] if about else []
    if reach:
        chosen.append(scope(reach))
    return " · ".join(chosen)


def agreed(value: Agreed | None) -> str:
    """The answer to gd-v03."""
    if value is None:
        return _("Nog niet besproken")
    return {Agreed.YES: _("Ja"), Agreed.PARTLY: _("Deels"), Agreed.NO: _("Nee")}[value]


def chair(value: Chair) -> str:
    """Who leads."""
    return {Chair.PUPIL: _("De leerling"), Chair.TEACHER: _("De mentor")}[value]


def state(value: State) -> str:
    """How far a conversation is."""
    return {
        State.PLANNED: _("Nog niet gehouden"),
        State.POSTPONED: _("Uitgesteld"),
        State.ABSENT: _("Afwezig"),
        State.STARTED: _("Bezig"),
        State.CLOSED: _("Gehouden"),
    }[value]


def appointment(conversation: Conversation) -> str:
    """When a conversation to come is, for the pupil; "" when there is nothing to say."""
    if conversation.state not in BEFORE_START:
        return ""
    date = day(conversation.planned_for) if conversation.planned_for else ""
    if conversation.state == State.PLANNED:
        return _("Het gesprek is op %(date)s.", date=date) if date else ""
    happened = {
        State.POSTPONED: _("Het gesprek is uitgesteld."),
        State.ABSENT: _("Het gesprek ging niet door, want je was er niet."),
    }[conversation.state]
    then = (
        _("De nieuwe datum is %(date)s.", date=date)
        if date
        else _("Vraag je mentor wanneer het wel is.")
    )
    return f"{happened} {then}"

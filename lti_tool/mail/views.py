"""A teacher mails the pupils of a round: first a look at the mail and at who gets it, then send."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.enrolments import ask_for_roster
from lti_tool.lti.addresses import names_course
from lti_tool.mail.facts import facts_of
from lti_tool.mail.recipients import recipients
from lti_tool.mail.sending import send
from lti_tool.mail.status import Switch, switch_of
from lti_tool.mail.texts import body, subject
from lti_tool.models import MailKind, db
from lti_tool.numbers import whole_number
from lti_tool.records import course_round
from lti_tool.times import today

mail = Blueprint("mail", __name__, url_prefix="/s/<session_id>/rounds/<int:round_id>/mail")


@mail.get("/<kind>")
@requires(Right.ROUND)
def page(round_id: int, kind: str) -> str:
    """Show the mail, who gets it, and who has no address. Nothing is sent."""
    round_, kind_ = course_round(round_id), _kind(kind)
    course, switch = visit().course, switch_of(visit().session.registration)
    pupil_id = whole_number(request.args.get("pupil", ""))
    found = recipients(kind_, round_, visit().enrolment, today=today(), pupil_id=pupil_id)
    is_on = switch is Switch.ON
    example = found.reached[0] if is_on and found.reached else None
    teacher = visit().enrolment.person.name
    facts = facts_of(kind_, round_, course, teacher=teacher, pupil=example)
    return render_template(
        "mail/page.html",
        round=round_,
        kind=kind_,
        title=title(kind_),
        switch=switch,
        found=found,
        example=example,
        pupil_id=pupil_id,
        facts=facts,
        subject=subject(facts),
        body=body(facts),
        sender=current_app.config["LOB"].mail_from,
        to_front_page=bool(facts.link) and not names_course(facts.link),
        reads_roster=course.roster_asked_at is not None,
        may_read_roster=bool(course.memberships_url) and not course.roster_asked_at,
    )


@mail.post("/<kind>")
@requires(Right.ROUND)
def post(round_id: int, kind: str) -> Response:
    """Send it to everybody it is for; a second click finds nobody left."""
    round_, kind_ = course_round(round_id), _kind(kind)
    pupil_id = whole_number(request.form.get("pupil", ""))
    sent = 0
    if switch_of(visit().session.registration) is Switch.ON:
        sent = send(kind_, round_, visit().enrolment, pupil_id)
    if not sent:
        db.session.rollback()
        again = url_for("mail.page", round_id=round_id, kind=kind, pupil=pupil_id)
        return redirect(again, 303)
    db.session.commit()
    return redirect(url_for("course.round_page", round_id=round_id, _anchor="mail"), 303)


@mail.post("/addresses")
@requires(Right.ROUND)
def read_addresses(round_id: int) -> Response:
    """Ask for the roster, which carries the addresses; then back to the mail."""
    course_round(round_id)
    course, kind = visit().course, _kind(request.form.get("kind", ""))
    if course.memberships_url and not course.roster_asked_at:
        ask_for_roster(visit().course_record(), anew=True)
        db.session.commit()
    return redirect(url_for("mail.page", round_id=round_id, kind=kind.value), 303)


def title(kind: MailKind) -> str:
    """What the page, and the link to it, are called."""
    return {
        MailKind.INVITATION: _("Uitnodigen"),
        MailKind.REMINDER: _("Herinneren"),
        MailKind.AGREEMENTS: _("Mail de afspraken"),
    }[kind]


def _kind(text: str) -> MailKind:
    try:
        return MailKind(text)
    except ValueError:
        raise NotFound("no_such_mail") from None

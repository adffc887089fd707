"""The administrator decides whether teachers of the school mail, and so whether addresses stay."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from lti_tool.access import Right, requires, visit
from lti_tool.mail.addresses import forget_all
from lti_tool.mail.status import switch_of
from lti_tool.models import MailAddress, Person, db

school_mail = Blueprint("school_mail", __name__, url_prefix="/s/<session_id>/school-mail")


@school_mail.get("/")
@requires(Right.ADMINISTRATION)
def page() -> str:
    """Show the switch and what it means."""
    registration = visit().session.registration
    people = select(func.count()).select_from(Person)
    known = people.join(MailAddress, MailAddress.person_id == Person.id)
    ours = Person.registration_id == registration.id
    return render_template(
        "administration/mail.html",
        switch=switch_of(registration),
        sender=current_app.config["LOB"].mail_from,
        family=registration.family,
        people=db.session.scalar(people.where(ours)),
        known=db.session.scalar(known.where(ours)),
    )


@school_mail.post("/")
@requires(Right.ADMINISTRATION)
def save() -> Response:
    """Turn mail on or off. Off forgets every address at once; what still waits is dropped."""
    registration = visit().platform_record()
    registration.mails = request.form.get("mails") == "on"
    if not registration.mails:
        forget_all(registration.id)
    db.session.commit()
    return redirect(url_for("school_mail.page"), 303)

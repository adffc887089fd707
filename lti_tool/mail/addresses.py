"""Keeping e-mail addresses: only those the platform gives, and only where the school mails."""

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, exists, select

from lti_tool.models import Enrolment, MailAddress, Person, Registration, db


def remember_addresses(registration: Registration, said: Mapping[int, str]) -> None:
    """Keep what a launch or roster said, by person id; "" leaves what we knew. Flushes nothing."""
    said = {person_id: address for person_id, address in said.items() if address}
    if not registration.mails or not said:
        return
    known = {
        one.person_id: one
        for one in db.session.scalars(
            select(MailAddress).where(MailAddress.person_id.in_(said.keys()))
        )
    }
    for person_id, address in said.items():
        if person_id not in known:
            db.session.add(MailAddress(person_id=person_id, address=address))
        elif known[person_id].address != address:
            known[person_id].address = address


def forget_leavers(person_ids: Iterable[int]) -> None:
    """Forget the addresses of those of these people who are in no course any more."""
    still_here = exists(
        select(Enrolment.id).where(
            Enrolment.person_id == MailAddress.person_id, Enrolment.ended_at.is_(None)
        )
    )
    db.session.execute(
        delete(MailAddress).where(MailAddress.person_id.in_(list(person_ids)), ~still_here)
    )


def forget_all(registration_id: int) -> None:
    """The school stopped mailing: forget every address of it."""
    people = select(Person.id).where(Person.registration_id == registration_id)
    db.session.execute(delete(MailAddress).where(MailAddress.person_id.in_(people)))

"""`seed` on the command line: only into a database that nobody launched into."""

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from lti_tool.models import Conversation, LaunchSession, Person, Registration, db
from lti_tool.seed.school import is_sown, sow

ISSUER, CLIENT_ID = "https://seed.example", "seed"


@click.command("seed")
@click.option("--courses", type=click.IntRange(1, 200), default=3, show_default=True)
@click.option("--pupils", type=click.IntRange(1, 60), default=25, show_default=True)
@click.option("--rounds", type=click.IntRange(1, 20), default=6, show_default=True)
@with_appcontext
def seed(courses: int, pupils: int, rounds: int) -> None:
    """Fill an empty database with a school of invented people; two rounds are a year.

    For screenshots and benchmarks. To look at it: `loopbaangesprek demo --seed`.
    """
    registration = _registration()
    if is_sown(registration.id):
        raise click.ClickException(
            "this database has its invented school already; take an empty one"
        )
    if _holds_launches():
        raise click.ClickException("this database holds real launches; take an empty one")
    sow(registration.id, courses=courses, pupils=pupils, rounds=rounds)
    db.session.commit()
    held = db.session.scalar(select(func.count()).select_from(Conversation))
    click.echo(f"{courses} courses of {pupils} pupils, {rounds} rounds: {held} conversations")


def _holds_launches() -> bool:
    """Whether anybody came in, be it an administrator."""
    return any(db.session.scalar(select(one.id).limit(1)) for one in (Person, LaunchSession))


def _registration() -> Registration:
    """The platform the invented people are of; it lies nowhere."""
    found = db.session.scalars(
        select(Registration).where(
            Registration.issuer == ISSUER, Registration.client_id == CLIENT_ID
        )
    ).one_or_none()
    if found is None:
        found = Registration(
            issuer=ISSUER,
            client_id=CLIENT_ID,
            auth_login_url=f"{ISSUER}/auth",
            auth_token_url=f"{ISSUER}/token",
            jwks_url=f"{ISSUER}/jwks",
            name="Het Bedachte College",
        )
        db.session.add(found)
        db.session.flush()
    return found

"""`person export` and `person erase`: somebody asks for their data, or that it goes.

Both name the person by the number the LMS knows them by (LTI: `sub`), by their name, or by the id
that is printed where several have that name.
"""

from pathlib import Path

import click
import structlog
from flask.cli import AppGroup
from sqlalchemy import func, select

from lti_tool.erasure import erase_people, named_with_others
from lti_tool.models import Conversation, Course, Enrolment, Person, Registration, db
from lti_tool.names import folded
from lti_tool.numbers import LARGEST_ID
from lti_tool.takeaways.pdf import typeset
from lti_tool.takeaways.whole import Whole

log = structlog.get_logger("person")

person = AppGroup("person", help="What is stored of one person: take it out, or erase it.")
which = click.argument("who", default="")
by_id = click.option(
    "--id",
    "person_id",
    type=click.IntRange(1, LARGEST_ID),
    help="The id, where several have that name.",
)
MOST = 20
"""People to choose from that are printed."""


@person.command("export")
@which
@by_id
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False, writable=True),
    default=Path(),
    help="The folder to write in; without it the present one.",
)
def export_command(who: str, person_id: int | None, folder: Path) -> None:
    """Write a pupil's dossier as PDF and as JSON, with the lines of the access log.

    Holds what the pupil may read: nothing that a teacher wrote for themselves. Only you can read
    the files.
    """
    found = _find(who, person_id)
    whole = Whole(found)
    if not whole.ids:
        raise click.ClickException(f"{_described(found)} has no conversations as a pupil")
    files = {"pdf": typeset(whole.paper()), "json": whole.as_json()}
    for ending, content in files.items():
        path = folder / f"loopbaandossier-{found.id}.{ending}"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
        click.echo(path)
    log.info("person", verdict="exported", person=found.id, conversations=len(whole.ids))


@person.command("erase")
@which
@by_id
@click.option("--yes", is_flag=True, help="Do not ask first.")
def erase_command(who: str, person_id: int | None, yes: bool) -> None:
    """Erase a pupil with all that hangs on them, for good. Back-ups are not reached."""
    found = _find(who, person_id)
    named = select(Person.id).where(Person.id == found.id, named_with_others())
    if db.session.scalar(select(named.exists())):
        raise click.ClickException(
            f"{_described(found)} stands in conversations of others, as a teacher; erased as well,"
            " part of those would go. `retention run` does it once those are gone."
        )
    number = db.session.scalar(
        select(func.count())
        .select_from(Conversation)
        .join(Conversation.pupil)
        .where(Enrolment.person_id == found.id)
    )
    click.echo(f"{_described(found)}: {number} conversations")
    if not yes:
        click.confirm("Erase all of it?", abort=True)
    gone = found.id
    erase_people([gone])
    db.session.commit()
    log.info("person", verdict="erased", person=gone, conversations=number)
    click.echo(
        "erased. Who is in the course still comes back, without a past, at the next launch or"
        " class list: take them out of the course first."
    )


def _find(who: str, person_id: int | None) -> Person:
    """The one person meant; else ClickException, with what there is to choose from."""
    wanted = who.strip()
    if bool(wanted) == (person_id is not None):
        raise click.UsageError("say who: a name or the LMS's number, or else --id")
    if person_id is None:
        found = _called(wanted)
    else:
        one = db.session.get(Person, person_id)
        found = [one] if one else []
    if not found:
        raise click.ClickException("nobody of that name or number; the name as the LMS shows it?")
    if len(found) > 1:
        lines = [f"  --id {one.id}  {_described(one)}" for one in found[:MOST]]
        more = [f"  and {len(found) - MOST} more"] if len(found) > MOST else []
        raise click.ClickException("\n".join(["several people; choose one:", *lines, *more]))
    return found[0]


def _called(wanted: str) -> list[Person]:
    """People of that name, in capitals or not, or with that number."""
    everybody = db.session.scalars(select(Person).order_by(Person.id))
    return [one for one in everybody if wanted == one.sub or folded(one.name) == folded(wanted)]


def _described(one: Person) -> str:
    """Name, courses and platform, to tell people apart."""
    titles = db.session.scalars(
        select(Course.title)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.person_id == one.id)
        .order_by(Course.title)
    )
    issuer = db.session.get_one(Registration, one.registration_id).issuer
    return f"{one.name or one.sub} ({', '.join(titles) or 'no course'}; {issuer})"

"""`person export` and `person erase`: somebody asks for their data, or that it goes.

Both name the person by the number the LMS knows them by (LTI: `sub`), by their name, or by the id
that is printed where several have that name.
"""

from pathlib import Path

import click
import structlog
from flask.cli import AppGroup
from sqlalchemy import ColumnElement, func, select

from lti_tool.erasure import erase_people
from lti_tool.models import Conversation, Course, Enrolment, Person, Registration, Role, db
from lti_tool.takeaways.pdf import typeset
from lti_tool.takeaways.whole import Whole

log = structlog.get_logger("person")

person = AppGroup("person", help="What is stored of one person: take it out, or erase it.")
which = click.argument("who", default="")
by_id = click.option("--id", "person_id", type=int, help="The id, where several have that name.")


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

    Holds what the pupil may read: nothing that a teacher wrote for themselves.
    """
    found = _find(who, person_id)
    _refuse_a_teacher(found, "a dossier is a pupil's")
    whole = Whole(found)
    files = {"pdf": typeset(whole.paper()), "json": whole.as_json()}
    for ending, content in files.items():
        path = folder / f"loopbaandossier-{found.id}.{ending}"
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
    _refuse_a_teacher(
        found, "their pupils' records name them; `retention run` erases them when those are gone"
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
    if person_id is None and not who.strip():
        raise click.UsageError("say who: a name, the LMS's number, or --id")
    found = list(db.session.scalars(select(Person).where(_named(who, person_id)).limit(20)))
    if len(found) == 1:
        return found[0]
    if not found:
        raise click.ClickException("nobody of that name or number; the name as the LMS shows it?")
    lines = "\n".join(f"  --id {one.id}  {_described(one)}" for one in found)
    raise click.ClickException(f"several people; choose one:\n{lines}")


def _named(who: str, person_id: int | None) -> ColumnElement[bool]:
    if person_id is not None:
        return Person.id == person_id
    return (Person.sub == who.strip()) | (func.lower(Person.name) == who.strip().lower())


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


def _refuse_a_teacher(one: Person, why: str) -> None:
    teaches = select(Enrolment.id).where(
        Enrolment.person_id == one.id, Enrolment.role == Role.TEACHER
    )
    if db.session.scalar(select(teaches.exists())):
        raise click.ClickException(f"{_described(one)} is a teacher: {why}")

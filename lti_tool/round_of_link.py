"""Which round an activity of the LMS opens, and where its set-up can be taken over from.

| the activity | leads to |
|---|---|
| carries the key of a round of this course | that round |
| was linked to a round before | that round |
| carries a key that a round here came in the place of | that round |
| carries the key of a round of another course of the platform | none yet: a copy |
| was made without us, in a course that is a copy, with no rounds so far | none yet: a copy |
| leads to a round of an earlier year, used by people who all left | none yet: a new year |
| anything else | a round of its own |

Where there is none yet, nothing is made: a teacher is asked whether to take the old set-up over or
to begin anew, and a pupil who comes first reads that the teacher is going to set it up. A round
made for that pupil would stand beside the one the teacher takes over.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from lti_tool.enrolled_now import belongs_now
from lti_tool.errands import Link
from lti_tool.languages import in_dutch
from lti_tool.models import (
    BEFORE_START,
    Conversation,
    CopyDecision,
    Course,
    Preparation,
    Round,
    SchoolWords,
    db,
    this_school_year,
)


@dataclass(frozen=True)
class Source:
    """The rounds whose set-up can be taken over, oldest first, and where they stand."""

    course: Course
    rounds: list[Round]
    new_year: bool
    """True: earlier rounds of this course. False: those of the course it is a copy of."""


def place(course: Course, link: Link) -> Round | None:
    """Find the round of an activity, or make one where nothing has to be asked. Flushes.

    Tells the round its activity and its gradebook column. A second activity of the same round (a
    duplicate) has a column too; the first one's stays.
    """
    round_ = find_round(course, link)
    if round_ is None:
        if source_of(course, link) is not None:
            return None
        round_ = own_round(course, link)
    if round_.school_year < this_school_year() and not was_used(round_):
        round_.school_year = this_school_year()
    if round_.resource_link_id is None and _linked_to(course.id, link) is None:
        round_.resource_link_id = link.resource_link_id
    if round_.resource_link_id == link.resource_link_id or not round_.lineitem_url:
        round_.lineitem_url = link.lineitem_url or round_.lineitem_url
    return round_


def find_round(course: Course, link: Link) -> Round | None:
    """Return the round this activity opens now; None when it is still to be made. Only reads."""
    best = _best_match(course, link)
    if best is None or best.school_year >= this_school_year():
        return best
    if not was_used(best) or was_used(best, by_who_is_here=course):
        return best
    newest = _newest_in_line(best)
    return newest if newest.school_year >= this_school_year() else None


def source_of(course: Course, link: Link | None) -> Source | None:
    """Return what can be taken over for an activity without a round, or for an empty course."""
    if link is not None:
        match = _best_match(course, link)
        if match is not None:
            stale = _newest_in_line(match)
            rounds = _not_taken_over(course, stale.course_id, stale.school_year)
            return Source(course, rounds, new_year=True)
        origin = _origin(course, link.round_key)
        if origin is not None and course.copy_decision is not CopyDecision.DECLINED:
            rounds = _not_taken_over(course, origin.course_id, origin.school_year)
            return Source(origin.course, rounds, new_year=False)
    if course.copy_decision is CopyDecision.OPEN and course.history and not _has_rounds(course):
        return _source_by_history(course)
    return None


def own_round(course: Course, link: Link) -> Round:
    """Make a round for this activity alone, as the school usually wants it.

    It takes the activity from an earlier round.
    """
    with in_dutch():
        title = link.title or _("Loopbaangesprek")
    round_ = Round(
        course_id=course.id,
        title=title,
        copied_from_key=link.round_key or None,
    )
    usual = db.session.get(SchoolWords, course.registration_id)
    round_.without_internship = usual is not None and not usual.with_internship
    attach(round_, link)
    db.session.add(round_)
    db.session.flush()
    return round_


def attach(round_: Round, link: Link) -> None:
    """Let the activity open this round from now on."""
    before = _linked_to(round_.course_id, link)
    if before is not None and before is not round_:
        before.resource_link_id = None
        round_.copied_from_key = round_.copied_from_key or before.key
        db.session.flush()
    round_.resource_link_id = link.resource_link_id
    round_.lineitem_url = link.lineitem_url or round_.lineitem_url


def _best_match(course: Course, link: Link) -> Round | None:
    """Of the newest year; then by the key, the activity, a predecessor's key, a copied title."""
    matches = [Round.resource_link_id == link.resource_link_id]
    if link.round_key:
        matches += [Round.key == link.round_key, Round.copied_from_key == link.round_key]
    else:
        matches.append(
            and_(
                Round.copied_from_key.is_not(None),
                Round.resource_link_id.is_(None),
                Round.title == link.title,
            )
        )
    found = db.session.scalars(select(Round).where(Round.course_id == course.id, or_(*matches)))

    def rank(one: Round) -> tuple[int, int, int]:
        if link.round_key and one.key == link.round_key:
            reason = 0
        elif one.resource_link_id == link.resource_link_id:
            reason = 1
        else:
            reason = 2
        return -one.school_year, reason, -one.id

    return min(found, key=rank, default=None) or _match_by_origin(course, link)


def _match_by_origin(course: Course, link: Link) -> Round | None:
    """In a copy of a copy activities carry the oldest key: look for what came of its heir."""
    origin = _origin(course, link.round_key)
    heirs = _followers(course.id, {origin.key}) if origin else []
    return max(heirs, key=lambda one: (one.school_year, one.id), default=None)


def was_used(round_: Round, *, by_who_is_here: Course | None = None) -> bool:
    """Whether anybody opened or held something in this round."""
    opened = exists().where(Preparation.conversation_id == Conversation.id)
    query = (
        select(Conversation.id)
        .join(Conversation.pupil)
        .where(
            Conversation.round_id == round_.id,
            or_(Conversation.state.not_in(BEFORE_START), opened),
        )
        .limit(1)
    )
    if by_who_is_here is not None:
        query = query.where(belongs_now(by_who_is_here))
    return db.session.scalar(query) is not None


def _newest_in_line(round_: Round) -> Round:
    """The last round that came in its place, by way of the years between; itself when none did."""
    line, keys = {round_.key: round_}, {round_.key}
    while keys:
        followers = {one.key: one for one in _followers(round_.course_id, keys)}
        keys = followers.keys() - line.keys()
        line |= followers
    return max(line.values(), key=lambda one: (one.school_year, one.id))


def _followers(course_id: int, keys: Iterable[str]) -> list[Round]:
    return list(
        db.session.scalars(
            select(Round).where(Round.course_id == course_id, Round.copied_from_key.in_(keys))
        )
    )


def _origin(course: Course, round_key: str) -> Round | None:
    """The round of another course on the same platform that the activity was copied from.

    An ancestor may hold a round that came in the place of the one the key names: a copy of a copy.
    """
    if not round_key:
        return None
    found = db.session.execute(
        select(Round, Course.context_id)
        .join(Course, Course.id == Round.course_id)
        .where(
            Course.registration_id == course.registration_id,
            Course.id != course.id,
            or_(Round.key == round_key, Round.copied_from_key == round_key),
        )
        .options(joinedload(Round.course))
    ).all()
    ancestors = {context_id: number for number, context_id in enumerate(course.history)}
    near = [(ancestors[where], -one.id, one) for one, where in found if where in ancestors]
    if near:
        return min(near)[2]
    return next((one for one, _where in found if one.key == round_key), None)


def _source_by_history(course: Course) -> Source | None:
    """The nearest ancestor we know with rounds."""
    known = db.session.scalars(
        select(Course).where(
            Course.registration_id == course.registration_id,
            Course.context_id.in_(course.history),
            Course.id != course.id,
        )
    )
    nearest = sorted(known, key=lambda one: course.history.index(one.context_id))
    for ancestor in nearest:
        last = db.session.scalar(
            select(func.max(Round.school_year)).where(Round.course_id == ancestor.id)
        )
        if last is not None:
            return Source(ancestor, _not_taken_over(course, ancestor.id, last), new_year=False)
    return None


def _not_taken_over(course: Course, origin_id: int, year: int) -> list[Round]:
    """The rounds of a school year of `origin_id` that none of this course came in the place of."""
    taken = select(Round.copied_from_key).where(
        Round.course_id == course.id, Round.copied_from_key.is_not(None)
    )
    return list(
        db.session.scalars(
            select(Round)
            .where(Round.course_id == origin_id, Round.school_year == year, Round.key.not_in(taken))
            .options(selectinload(Round.questions))
            .order_by(Round.id)
        )
    )


def _linked_to(course_id: int, link: Link) -> Round | None:
    return db.session.scalars(
        select(Round).where(
            Round.course_id == course_id, Round.resource_link_id == link.resource_link_id
        )
    ).one_or_none()


def _has_rounds(course: Course) -> bool:
    return (
        db.session.scalar(select(Round.id).where(Round.course_id == course.id).limit(1)) is not None
    )

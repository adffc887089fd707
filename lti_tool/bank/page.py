"""The bank's pages per phase, in a fixed number of statements."""

from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from instrument import Group, Phase
from lti_tool.access import Right, requires, visit
from lti_tool.bank.blueprint import bank, from_conversation, known_phase, navigation, phases
from lti_tool.bank.colleagues import of_colleagues
from lti_tool.forms import Posted
from lti_tool.models import OwnQuestion, Visibility, db
from lti_tool.question_bank import Item, Shelf, load_shelf, source_labels
from lti_tool.tally import Tally, tally_of


@dataclass(frozen=True)
class Line:
    """One question as the bank shows it."""

    item: Item
    labels: list[str]
    first: bool
    """Nothing is above it that it could change places with."""
    last: bool
    tally: Tally
    """How it worked for this teacher; nobody else sees that."""
    with_it: bool
    """It was hidden with the question it follows up on, not by itself."""

    @property
    def alone(self) -> bool:
        """Nothing to change places with; what follows up on another has no place of its own."""
        return self.first and self.last


@bank.get("/")
@requires(Right.BANK)
def start() -> Response:
    """Open at the first phase."""
    return redirect(url_for("bank.page", phase_key=phases()[0].key), 303)


@bank.get("/<phase_key>")
@requires(Right.BANK)
def page(phase_key: str) -> Response:
    """Show one phase of the bank."""
    return bank_page(known_phase(phase_key), Posted(), 200)


def bank_page(phase: Phase, posted: Posted, status: int) -> Response:
    """Render a phase; `posted` carries what was refused."""
    shelf, tallies = load_shelf(phase), tally_of(visit().person.id)
    shown = render_template(
        "bank/page.html",
        phase=phase,
        phase_groups=_navigation(phase),
        groups=[(group, _lines(shelf, group, tallies)) for group in phase.groups],
        colleagues=of_colleagues(phase, shelf),
        withdrawn=_withdrawn(phase),
        moved=_moved(shelf, phase),
        conversation_id=from_conversation(),
        posted=posted,
        errors=posted.errors,
    )
    return make_response(shown, status)


def _lines(shelf: Shelf, group: Group, tallies: dict[str, Tally]) -> list[Line]:
    items, keys = shelf.items(group), shelf.movable(group)
    by_key = {one.key: one for one in items}

    def line(item: Item) -> Line:
        before = by_key.get(item.follows or "")
        return Line(
            item,
            _labels(item),
            first=item.follows is not None or item.key == keys[0],
            last=item.follows is not None or item.key == keys[-1],
            tally=_tally(item, tallies),
            with_it=before is not None and not before.shown,
        )

    return [line(one) for one in items]


def _tally(item: Item, tallies: dict[str, Tally]) -> Tally:
    """How this wording worked; a compound question is judged in its parts, so they are added."""
    keys = [item.mark_key]
    if item.source and not item.own:
        keys += item.source.parts
    found = [tallies[key] for key in keys if key in tallies]
    return Tally(sum(one.worked for one in found), sum(one.did_not_work for one in found))


def _labels(item: Item) -> list[str]:
    if item.source is not None:
        labels = [_("eigen versie") if item.own else _("bron"), *source_labels(item.source)]
    else:
        labels = [_("eigen") if item.own else _("school")]
    if item.own and item.own.visibility == Visibility.SCHOOL_INSTRUMENT:
        labels.append(_("gedeeld"))
    if item.hidden_by_school:
        labels.append(_("verborgen door de school"))
    elif item.hidden:
        labels.append(_("verborgen"))
    return labels


def _withdrawn(phase: Phase) -> list[OwnQuestion]:
    """What this teacher took out, the last first."""
    rows = db.session.scalars(
        select(OwnQuestion)
        .where(
            OwnQuestion.person_id == visit().person.id,
            OwnQuestion.phase_key == phase.key,
            OwnQuestion.withdrawn_at.is_not(None),
        )
        .order_by(OwnQuestion.withdrawn_at.desc(), OwnQuestion.id.desc())
    )
    return list(rows)


def _navigation(here: Phase) -> list[dict[str, Any]]:
    """The phases, with how many questions of one's own each has."""
    own = dict(
        db.session.execute(
            select(OwnQuestion.phase_key, func.count())
            .where(OwnQuestion.person_id == visit().person.id, OwnQuestion.withdrawn_at.is_(None))
            .group_by(OwnQuestion.phase_key)
        )
        .tuples()
        .all()
    )
    marks = {key: ngettext("%(num)s eigen", "%(num)s eigen", many) for key, many in own.items()}
    return navigation("bank.page", here, marks)


def _moved(shelf: Shelf, phase: Phase) -> str:
    """Where a question that was just moved stands now, to be read aloud."""
    key = request.args.get("moved", "")
    for group in phase.groups:
        keys = shelf.movable(group)
        if key in keys:
            return _(
                "Deze vraag staat nu op plaats %(place)s van %(all)s.",
                place=keys.index(key) + 1,
                all=len(keys),
            )
    return ""

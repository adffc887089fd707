"""Hiding a question for oneself, and giving it another place in its group."""

from collections.abc import Callable

from flask import request
from sqlalchemy import select
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from instrument import Group, Phase
from lti_tool.access import Right, requires, visit
from lti_tool.bank.blueprint import back_to, bank, known_phase
from lti_tool.models import Person, QuestionPlace, db
from lti_tool.question_bank import Item, Shelf, load_shelf


@bank.post("/<phase_key>/places/<question_key>")
@requires(Right.BANK)
def arrange(phase_key: str, question_key: str) -> Response:
    """Move one place up or down, hide, or show again: what the pressed button says."""
    phase = known_phase(phase_key)
    # One arrangement at a time: two windows would each make the same rows.
    person_id = visit().person.id
    db.session.scalars(select(Person.id).where(Person.id == person_id).with_for_update()).one()
    shelf = load_shelf(phase)
    group, item = _find(shelf, phase, question_key)
    action = request.form.get("action", "")
    if action not in ACTIONS:
        raise BadRequest("no_such_action")
    ACTIONS[action](shelf, group, item)
    db.session.commit()
    if action in {"up", "down"}:
        return back_to(phase, f"{action}-{item.key}", moved=item.key)
    return back_to(phase, f"hide-{item.key}")


def _find(shelf: Shelf, phase: Phase, key: str) -> tuple[Group, Item]:
    for group in phase.groups:
        for item in shelf.items(group):
            if item.key == key:
                return group, item
    raise NotFound("no_such_question")


def _row(shelf: Shelf, key: str) -> QuestionPlace:
    row = shelf.places.get(key)
    if row is None:
        row = QuestionPlace(person_id=visit().person.id, question_key=key)
        db.session.add(row)
    return row


def _up(shelf: Shelf, group: Group, item: Item) -> None:
    _move(shelf, group, item, -1)


def _down(shelf: Shelf, group: Group, item: Item) -> None:
    _move(shelf, group, item, +1)


def _move(shelf: Shelf, group: Group, item: Item, by: int) -> None:
    """Change places with the neighbour; all of the group have a place from then on."""
    keys = shelf.movable(group)
    if item.key not in keys:
        raise BadRequest("follows_another")
    old = keys.index(item.key)
    new = old + by
    if not 0 <= new < len(keys):
        return
    keys[old], keys[new] = keys[new], keys[old]
    for place, key in enumerate(keys):
        _row(shelf, key).place = place


def _hide(shelf: Shelf, _group: Group, item: Item) -> None:
    """A question of one's own is taken away instead."""
    if item.source is None and item.school is None:
        raise BadRequest("own_question")
    _row(shelf, item.key).hidden = True


def _show(shelf: Shelf, _group: Group, item: Item) -> None:
    _row(shelf, item.key).hidden = False


ACTIONS: dict[str, Callable[[Shelf, Group, Item], None]] = {
    "up": _up,
    "down": _down,
    "hide": _hide,
    "show": _show,
}

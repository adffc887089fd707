"""What is shown does not depend on any group that is too small to be shown."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.coordination.counts import SMALLEST, Group, published


@st.composite
def groups(draw: st.DrawFn) -> list[Group]:
    """Classes of every size, each with no more sent or held than there are pupils."""
    sizes = draw(st.lists(st.integers(0, 3 * SMALLEST), max_size=12))
    return [
        Group(
            f"Klas {number}",
            "Najaar",
            size,
            draw(st.integers(0, size)),
            draw(st.integers(0, size)),
        )
        for number, size in enumerate(sizes)
    ]


def other_than(group: Group, draw: st.DataObject) -> Group:
    """A group of the same name that is hidden as well, with other numbers."""
    size = draw.draw(st.integers(1, SMALLEST - 1))
    return Group(
        group.course,
        group.round,
        size,
        draw.draw(st.integers(0, size)),
        draw.draw(st.integers(0, size)),
    )


@given(groups(), st.data())
def test_hidden_numbers_change_nothing_that_is_shown(
    counted: Sequence[Group], draw: st.DataObject
) -> None:
    """So nothing that is shown tells them apart: neither a line, nor a sum, nor the file."""
    others = [other_than(one, draw) if 0 < one.pupils < SMALLEST else one for one in counted]
    assert published(counted) == published(others)


@given(groups())
def test_all_other_numbers_are_shown_and_add_up(counted: Sequence[Group]) -> None:
    table = published(counted)
    large = [one for one in counted if one.pupils >= SMALLEST]
    assert [one.numbers for one in table.lines if one.numbers] == [
        (one.pupils, one.sent, one.held) for one in large
    ]
    assert table.total == (
        sum(one.pupils for one in large),
        sum(one.sent for one in large),
        sum(one.held for one in large),
    )
    assert table.hides == any(0 < one.pupils < SMALLEST for one in counted)

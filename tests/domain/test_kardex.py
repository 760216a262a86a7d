"""The weighted average of the kardex, against numbers worked out by hand and any sequence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.domain.kardex import Entry, follow

D = Decimal
MOMENT = dt.datetime(2026, 6, 15, tzinfo=dt.UTC)


def moves(*moves: tuple[int, str | None], usual: str = "0") -> list[tuple[int, Decimal, Decimal]]:
    """Pieces, value and unit cost after each move."""
    entries = [Entry(MOMENT, "x", n, D(cost) if cost else None) for n, cost in moves]
    lines = follow(entries, usual_cost=D(usual))
    return [(x.balance.pieces, x.balance.value, round(x.balance.unit_cost, 4)) for x in lines]


def test_each_entry_moves_the_average_and_what_leaves_is_worth_it() -> None:
    found = moves((10, "2.00"), (10, "3.00"), (-5, None), (5, "4.00"))
    assert found == [
        (10, D("20.00"), D("2.0000")),
        (20, D("50.00"), D("2.5000")),
        (15, D("37.50"), D("2.5000")),
        (20, D("57.50"), D("2.8750")),
    ]


def test_the_cost_stored_with_what_leaves_is_not_looked_at() -> None:
    assert moves((10, "2.00"), (-4, "9.99"))[-1] == (6, D("12.00"), D("2.0000"))


def test_what_enters_without_a_cost_is_worth_the_average_or_what_it_usually_costs() -> None:
    assert moves((2, None), (2, "3.00"), (4, None), usual="1.00") == [
        (2, D("2.00"), D("1.0000")),
        (4, D("8.00"), D("2.0000")),
        (8, D("16.00"), D("2.0000")),
    ]


def test_nothing_is_worth_nothing_and_the_next_entry_begins_anew() -> None:
    found = moves((3, "0.3333"), (-1, None), (-2, None), (1, "5.00"))
    assert found[2][:2] == (0, 0)
    assert found[3] == (1, D("5.00"), D("5.0000"))


def test_less_than_nothing_is_worth_its_last_average() -> None:
    found = moves((2, "3.00"), (-3, None), (5, "4.00"))
    assert found[1] == (-1, D("-3.00"), D("3.0000"))
    assert found[2] == (4, D("16.00"), D("4.0000"))


MOVE = st.tuples(st.integers(-9, 9).filter(bool), st.none() | st.decimals(0, 99, places=4).map(abs))


@given(st.lists(MOVE, max_size=40))
def test_pieces_add_up_and_values_too_while_there_is_something(moves) -> None:
    entries = [Entry(MOMENT, "x", n, cost) for n, cost in moves]
    pieces, value = 0, D(0)
    for line in follow(entries):
        before = pieces
        pieces += line.entry.pieces
        assert line.balance.pieces == pieces
        if before >= 0 and pieces > 0:
            value += line.value if line.entered else -line.value
            assert line.balance.value == value
        value = line.balance.value
        assert pieces or line.balance.value == 0
        assert line.balance.unit_cost >= 0

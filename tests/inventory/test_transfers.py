"""Goods leave, are on their way, and arrive: all, some, or more than were sent."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.inventory.errors import (
    GoodsOnTheirWayError,
    InsufficientStockError,
    InvalidTransferError,
    TransferNotFoundError,
    TransferReceivedError,
)
from models.inventory import StockTransfer, StockTransferLine
from tests.inventory.warehouse import (
    adjust,
    arrive,
    dispatch,
    level,
    reserve,
    transit,
    wrong_books,
)
from tests.services.shop import add_location, add_variant, ledger_sum, new_key, receive


@pytest.fixture
def places(db_session) -> tuple[int, int, int]:
    """Two locations, and a variant of which the first has ten pieces."""
    source, target, variant = add_location(), add_location(), add_variant("1")
    receive(source, {variant: 10})
    return source, target, variant


def lines_of(transfer: int) -> list[tuple[int, int | None]]:
    row = StockTransferLine
    found = session().execute(
        sa.select(row.quantity_sent, row.quantity_received).where(row.transfer_id == transfer)
    )
    return [tuple(line) for line in found]


def test_what_is_on_its_way_is_at_neither_place_and_not_for_sale(places) -> None:
    source, target, variant = places
    dispatch(source, target, {variant: 4})
    assert level(source, variant) == (6, 0, 6)
    assert level(transit(), variant) == (4, 0, 4)
    assert ledger_sum(target, variant) == 0
    assert wrong_books() == {}


def test_what_arrives_is_at_its_place_and_nothing_is_left_on_the_way(places) -> None:
    source, target, variant = places
    transfer = dispatch(source, target, {variant: 4})
    assert arrive(transfer, notes=None) == 0
    assert level(target, variant) == (4, 0, 4)
    assert level(transit(), variant) == (0, 0, 0)
    assert lines_of(transfer) == [(4, 4)]
    assert session().get_one(StockTransfer, transfer).status == "received"
    assert wrong_books() == {}


@pytest.mark.parametrize(("came", "difference"), [(3, -1), (0, -4), (6, 2)])
def test_a_difference_is_kept_and_the_ledger_says_so(places, came: int, difference: int) -> None:
    source, target, variant = places
    transfer = dispatch(source, target, {variant: 4})
    assert arrive(transfer, {variant: came}) == difference
    assert ledger_sum(target, variant) == came
    assert level(transit(), variant) == (0, 0, 0)
    assert lines_of(transfer) == [(4, came)]
    assert wrong_books() == {}


def test_a_difference_needs_a_reason_even_where_the_sum_is_right(places) -> None:
    source, target, variant = places
    other = add_variant("1")
    receive(source, {other: 5})
    transfer = dispatch(source, target, {variant: 4, other: 4})
    with pytest.raises(InvalidTransferError) as refusal:
        arrive(transfer, {variant: 3, other: 5}, notes=" ")
    assert "notes" in refusal.value.fields
    assert level(transit(), variant) == (4, 0, 4)


def test_a_transfer_is_dispatched_once_and_received_once(places) -> None:
    source, target, variant = places
    key = new_key()
    transfer = dispatch(source, target, {variant: 4}, key)
    assert dispatch(source, target, {variant: 4}, key) == transfer
    arrive(transfer)
    with pytest.raises(TransferReceivedError):
        arrive(transfer)
    assert level(target, variant) == (4, 0, 4)
    with pytest.raises(TransferNotFoundError):
        arrive(2**40)


def test_reserved_pieces_stay(places) -> None:
    source, target, variant = places
    reserve(source, {variant: 7})
    with pytest.raises(InsufficientStockError):
        dispatch(source, target, {variant: 4})
    assert level(source, variant) == (10, 7, 3)


def test_goods_on_their_way_are_changed_by_their_transfer_only(places) -> None:
    source, target, variant = places
    dispatch(source, target, {variant: 4})
    for work in (
        lambda: adjust(transit(), {variant: -1}),
        lambda: receive(transit(), {variant: 1}),
        lambda: dispatch(transit(), target, {variant: 1}),
        lambda: dispatch(source, transit(), {variant: 1}),
    ):
        with pytest.raises(GoodsOnTheirWayError):
            work()


def test_commands_that_make_no_sense_are_refused(places) -> None:
    source, target, variant = places
    with pytest.raises(InvalidTransferError) as refusal:
        dispatch(source, source, {variant: 1})
    assert "to_location_id" in refusal.value.fields
    with pytest.raises(InvalidTransferError):
        dispatch(source, target, {})
    with pytest.raises(InvalidTransferError):
        dispatch(source, target, {variant: 0})
    with pytest.raises(InvalidTransferError):
        arrive(dispatch(source, target, {variant: 1}), {add_variant("1"): 1})


def test_numbers_have_no_gaps(places) -> None:
    source, target, variant = places
    first = session().get_one(StockTransfer, dispatch(source, target, {variant: 1})).number
    with pytest.raises(InsufficientStockError):
        dispatch(source, target, {variant: 100})
    second = session().get_one(StockTransfer, dispatch(source, target, {variant: 1})).number
    assert int(second[3:]) == int(first[3:]) + 1


def test_it_takes_as_many_statements_whatever_the_lines(places, count_statements) -> None:
    source, target, _variant = places
    taken = []
    for number in (1, 12):
        pieces = {add_variant("1"): 2 for _ in range(number)}
        receive(source, pieces)
        dispatch(source, target, dict.fromkeys(pieces, 1))  # makes the rows in transit
        with count_statements() as sent:
            transfer = dispatch(source, target, dict.fromkeys(pieces, 1))
        with count_statements() as received:
            arrive(transfer, dict.fromkeys(pieces, 2))
        taken.append((len(sent), len(received)))
    assert taken[0] == taken[1]

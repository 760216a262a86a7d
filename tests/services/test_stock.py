"""Receiving and correcting stock; the ledger and the stock rows always agree."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa

from app.db import session
from app.errors import DomainError
from app.services.inventory.adjust_stock import AdjustedLine, AdjustStock, adjust_stock
from app.services.inventory.errors import (
    InsufficientStockError,
    InvalidStockChangeError,
    StaleStockError,
    TooManyReturnedError,
    UnknownLocationError,
    UnknownVariantsError,
)
from app.services.inventory.receive_stock import ReceivedLine, ReceiveStock, receive_stock
from app.services.inventory.return_stock import ReturnedLine, ReturnStock, return_stock
from models.inventory import InventoryMovement, InventoryStock
from tests.services.shop import (
    NOW,
    add_location,
    add_variant,
    cashier,
    ledger_sum,
    new_key,
    on_hand,
    open_shop,
    receive,
)


def adjust(
    location: int, changes: dict[int, int], *, reason: str = "Broken", key: str = ""
) -> None:
    lines = tuple(AdjustedLine(variant, change) for variant, change in changes.items())
    command = AdjustStock(key or new_key(), location, lines, reason)
    adjust_stock(command, actor=cashier("warehouse"), now=NOW)


def test_receiving_makes_the_stock_row_and_writes_the_ledger(db_session) -> None:
    location, variant = add_location(), add_variant("1")
    receive(location, {variant: 7})
    receive(location, {variant: 5})
    assert on_hand(location, variant) == ledger_sum(location, variant) == 12


def test_a_delivery_sent_twice_is_received_once(db_session) -> None:
    location, variant = add_location(), add_variant("1")
    command = ReceiveStock(new_key(), location, (ReceivedLine(variant, 3),), "G-001")
    first = receive_stock(command, actor=cashier("warehouse"), now=NOW)
    again = receive_stock(command, actor=cashier("warehouse"), now=NOW)
    assert (first.replayed, again.replayed) == (False, True)
    assert first.result == again.result
    assert on_hand(location, variant) == 3


def test_a_variant_may_come_in_several_lines(db_session) -> None:
    location, variant = add_location(), add_variant("1")
    lines = (ReceivedLine(variant, 3), ReceivedLine(variant, 4))
    command = ReceiveStock(new_key(), location, lines)
    receive_stock(command, actor=cashier("warehouse"), now=NOW)
    assert on_hand(location, variant) == 7


def test_a_correction_keeps_its_reason_in_the_ledger(db_session) -> None:
    location, variant = add_location(), add_variant("1")
    receive(location, {variant: 7})
    adjust(location, {variant: -2}, reason=" Broken glass ")
    movement = (
        session()
        .scalars(
            sa.select(InventoryMovement).where(
                InventoryMovement.movement_type == "adjust", InventoryMovement.variant_id == variant
            )
        )
        .one()
    )
    assert (movement.notes, movement.quantity, movement.to_location_id) == ("Broken glass", 2, None)
    assert on_hand(location, variant) == ledger_sum(location, variant) == 5


def test_a_correction_never_takes_more_than_there_is(db_session) -> None:
    location, much, little = add_location(), add_variant("1"), add_variant("1")
    receive(location, {much: 7, little: 1})
    with pytest.raises(InsufficientStockError) as refusal:
        adjust(location, {much: -7, little: -2})
    assert [line.variant_id for line in refusal.value.lines] == [little]
    assert on_hand(location, much) == 7


def test_what_is_reserved_is_not_taken(db_session) -> None:
    location, variant = add_location(), add_variant("1")
    receive(location, {variant: 5})
    session().execute(
        sa.update(InventoryStock)
        .where(InventoryStock.variant_id == variant)
        .values(quantity_reserved=4)
    )
    with pytest.raises(InsufficientStockError) as refusal:
        adjust(location, {variant: -2})
    assert refusal.value.lines[0].available == 1


@pytest.mark.parametrize("quantity", [0, -3])
def test_a_delivery_of_nothing_is_refused(db_session, quantity: int) -> None:
    command = ReceiveStock(new_key(), 1, (ReceivedLine(1, quantity),))
    with pytest.raises(InvalidStockChangeError):
        receive_stock(command, actor=cashier("warehouse"), now=NOW)


def test_a_correction_needs_a_reason_and_a_change(db_session) -> None:
    with pytest.raises(InvalidStockChangeError) as refusal:
        adjust(1, {1: 1}, reason=" ")
    assert "reason" in refusal.value.fields
    with pytest.raises(InvalidStockChangeError):
        adjust(1, {1: 0})


def test_unknown_variants_and_locations_are_named(db_session) -> None:
    with pytest.raises(UnknownVariantsError) as refusal:
        receive(add_location(), {add_variant("1"): 1, 2**40: 1})
    assert refusal.value.data["variants"] == [2**40]
    with pytest.raises(UnknownLocationError):
        receive(2**40, {add_variant("1"): 1})


@pytest.mark.parametrize("seed", range(3))
def test_ledger_and_stock_agree_after_anything(db_session, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same each time
    shop = open_shop(allows_negative_stock=seed == 2)
    variants = [add_variant("1") for _ in range(4)]
    for _ in range(40):
        picked = chance.sample(variants, chance.randint(1, 4))
        pieces = {variant: chance.randint(1, 5) for variant in picked}
        try:
            match chance.choice(["receive", "adjust", "sell"]):
                case "receive":
                    receive(shop.location, pieces)
                case "adjust":
                    signed = {v: chance.choice([-n, n]) for v, n in pieces.items()}
                    adjust(shop.location, signed)
                case "sell":
                    shop.sell(pieces, str(sum(pieces.values())), "100")
        except DomainError:
            pass  # a refusal must leave no trace either
        for variant in variants:
            assert on_hand(shop.location, variant) == ledger_sum(shop.location, variant)


def seen(location: int, variant: int) -> tuple[int, int]:
    """Version and pieces on hand, as a screen shows them."""
    row = InventoryStock
    found = session().execute(
        sa.select(row.version, row.quantity_on_hand).where(
            row.location_id == location, row.variant_id == variant
        )
    )
    return tuple(found.one())


def correct(location: int, variant: int, change: int, version: int, on_hand: int) -> None:
    line = AdjustedLine(variant, change, seen_version=version, seen_on_hand=on_hand)
    command = AdjustStock(new_key(), location, (line,), "Broken")
    adjust_stock(command, actor=cashier("warehouse"), now=NOW)


def test_every_change_moves_the_version(db_session) -> None:
    location, variant = add_location(), add_variant("1")
    receive(location, {variant: 7})
    first, _pieces = seen(location, variant)
    adjust(location, {variant: -1})
    assert seen(location, variant) == (first + 1, 6)


def test_a_correction_of_what_has_changed_since_is_refused_with_both_values(db_session) -> None:
    location, variant = add_location(), add_variant("1")
    receive(location, {variant: 7})
    version, pieces = seen(location, variant)
    adjust(location, {variant: -2})
    with pytest.raises(StaleStockError) as refusal:
        correct(location, variant, -1, version, pieces)
    line = refusal.value.lines[0]
    assert (line.seen, line.on_hand, line.version) == (7, 5, version + 1)
    correct(location, variant, -1, line.version, line.on_hand)
    assert on_hand(location, variant) == 4


def test_a_correction_of_what_was_never_there_is_based_on_nothing(db_session) -> None:
    location, variant = add_location(), add_variant("1")
    correct(location, variant, 3, 0, 0)
    with pytest.raises(StaleStockError):
        correct(location, variant, 3, 0, 0)
    assert on_hand(location, variant) == 3


def back(
    location: int, variant: int, pieces: int, order: int | None, reason: str = "Small"
) -> None:
    lines = (ReturnedLine(variant, pieces),)
    command = ReturnStock(new_key(), location, lines, reason, order_id=order)
    return_stock(command, actor=cashier(), now=NOW)


def test_no_more_comes_back_than_the_order_took(db_session) -> None:
    shop, variant = open_shop(), add_variant("1")
    receive(shop.location, {variant: 5})
    order = shop.sell({variant: 3}, "3", "3").order_id
    back(shop.location, variant, 2, order)
    with pytest.raises(TooManyReturnedError) as refusal:
        back(shop.location, variant, 2, order)
    assert (refusal.value.lines[0].wanted, refusal.value.lines[0].available) == (2, 1)
    back(shop.location, variant, 1, order)
    assert on_hand(shop.location, variant) == ledger_sum(shop.location, variant) == 5


def test_goods_come_back_for_a_reason_and_at_what_they_cost(db_session) -> None:
    location, variant = add_location(), add_variant("1")
    with pytest.raises(InvalidStockChangeError):
        back(location, variant, 1, None, reason=" ")
    back(location, variant, 1, None)
    row = session().scalars(sa.select(InventoryMovement)).one()
    assert (row.movement_type, row.unit_cost, row.notes) == ("return", 1, "Small")

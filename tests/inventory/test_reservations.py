"""Stock that is kept for somebody: how long, for whom, and what becomes of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.inventory.errors import (
    GoodsOnTheirWayError,
    InsufficientStockError,
    InvalidStockChangeError,
    NoReservationError,
    ReservationExpiredError,
)
from app.services.inventory.expire_reservations import expire_reservations
from app.services.inventory.reserve_stock import ReservedLine, ReserveStock, reserve_stock
from models.inventory import InventoryMovement
from models.sales import Order
from tests.inventory.warehouse import (
    commit,
    dispatch,
    held,
    later,
    level,
    release,
    reserve,
    transit,
    wrong_books,
)
from tests.rows import make_row
from tests.services.shop import NOW, add_location, add_variant, cashier, new_key, receive


@pytest.fixture
def goods(db_session) -> tuple[int, int]:
    """Ten pieces of a variant at a location."""
    place, variant = add_location(), add_variant("1")
    receive(place, {variant: 10})
    return place, variant


def test_reserved_pieces_are_not_available(goods) -> None:
    place, variant = goods
    reserve(place, {variant: 4})
    assert level(place, variant) == (10, 4, 6)
    with pytest.raises(InsufficientStockError) as refusal:
        reserve(place, {variant: 7}, "another")
    assert refusal.value.lines[0].available == 6
    assert wrong_books() == {}


def test_a_reservation_sent_twice_is_made_once(goods) -> None:
    place, variant = goods
    key = new_key()
    assert reserve(place, {variant: 4}, key=key) == reserve(place, {variant: 4}, key=key)
    assert level(place, variant) == (10, 4, 6)


def test_all_lines_or_none(goods) -> None:
    place, variant = goods
    other = add_variant("1")
    with pytest.raises(InsufficientStockError) as refusal:
        reserve(place, {variant: 1, other: 1})
    assert [line.variant_id for line in refusal.value.lines] == [other]
    assert (level(place, variant), held()) == ((10, 0, 10), 0)


def test_a_cart_keeps_them_for_as_long_as_the_setting_says_an_order_for_good(goods) -> None:
    place, variant = goods
    assert reserve(place, {variant: 1})["expires_at"] == later(30).isoformat()
    assert reserve(place, {variant: 1}, minutes=5)["expires_at"] == later(5).isoformat()
    order = make_row(Order).id
    assert reserve(place, {variant: 1}, order_id=order)["expires_at"] is None


def test_releasing_frees_what_the_cart_holds_and_again_nothing(goods) -> None:
    place, variant = goods
    reserve(place, {variant: 4})
    reserve(place, {variant: 1}, "another")
    assert (release(), release()) == (4, 0)
    assert level(place, variant) == (10, 1, 9)


def test_only_the_named_variants_are_released(goods) -> None:
    place, variant = goods
    other = add_variant("1")
    receive(place, {other: 5})
    reserve(place, {variant: 4, other: 2})
    assert release(variant_ids=(other,)) == 2
    assert (level(place, variant), level(place, other)) == ((10, 4, 6), (5, 0, 5))


def test_committing_sells_exactly_what_was_reserved(goods) -> None:
    place, variant = goods
    reserve(place, {variant: 3})
    reserve(place, {variant: 1})
    assert commit() == 4
    assert (level(place, variant), held()) == ((6, 0, 6), 0)
    sold = session().scalars(
        sa.select(InventoryMovement).where(InventoryMovement.movement_type == "sell")
    )
    assert [(row.quantity, row.from_location_id) for row in sold] == [(4, place)]
    assert wrong_books() == {}
    with pytest.raises(NoReservationError):
        commit()


def test_an_expired_one_is_never_sold_even_before_it_is_swept(goods) -> None:
    place, variant = goods
    reserve(place, {variant: 4})
    with pytest.raises(ReservationExpiredError):
        commit(now=later(30))
    assert level(place, variant) == (10, 4, 6)
    assert expire_reservations(now=later(30)) == 4
    with pytest.raises(NoReservationError):
        commit(now=later(30))


def test_sweeping_frees_the_expired_only(goods) -> None:
    place, variant = goods
    reserve(place, {variant: 4}, minutes=5)
    reserve(place, {variant: 2}, "another", minutes=60)
    assert expire_reservations(now=later(4)) == 0
    assert expire_reservations(now=later(6)) == 4
    assert (level(place, variant), held()) == ((10, 2, 8), 1)
    assert wrong_books() == {}


def test_what_expired_is_free_for_the_next_before_it_is_swept(goods) -> None:
    place, variant = goods
    reserve(place, {variant: 9}, minutes=5)
    reserve(place, {variant: 8}, "another", now=later(5))
    assert (level(place, variant), held()) == ((10, 8, 2), 1)


def test_commands_that_make_no_sense_are_refused(goods) -> None:
    place, variant = goods
    for lines, more in (({}, {}), ({variant: 0}, {}), ({variant: 1}, {"minutes": 0})):
        with pytest.raises(InvalidStockChangeError):
            reserve(place, lines, **more)
    with pytest.raises(InvalidStockChangeError):
        reserve(place, {variant: 1}, cart=" ")
    with pytest.raises(InvalidStockChangeError):
        release("")


def test_goods_on_their_way_cannot_be_reserved(goods) -> None:
    place, variant = goods
    dispatch(place, add_location(), {variant: 2})
    with pytest.raises(GoodsOnTheirWayError):
        reserve(transit(), {variant: 1})


def test_it_takes_as_many_statements_whatever_the_lines(goods, count_statements) -> None:
    place, _variant = goods
    taken = []
    for number in (1, 12):
        pieces = {add_variant("1"): 2 for _ in range(number)}
        receive(place, pieces)
        lines = tuple(ReservedLine(variant, 1) for variant in pieces)
        actor = cashier()
        with count_statements() as statements:
            command = ReserveStock(new_key(), place, f"cart {number}", lines)
            reserve_stock(command, actor=actor, now=NOW)
        taken.append(len(statements))
    assert taken[0] == taken[1] <= 10

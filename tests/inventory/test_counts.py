"""Counting while people sell: the difference is that of the moment, and is corrected once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.inventory.cancel_count import CancelCount, cancel_count
from app.services.inventory.errors import (
    CountClosedError,
    CountNotFoundError,
    CountOpenError,
    InsufficientStockError,
    InvalidCountError,
    NotInThisCountError,
    UnknownVariantsError,
)
from models.catalog import Category, Product, ProductVariant
from models.inventory import InventoryAuditSnapshot, InventoryStock, StockCount, StockCountLine
from tests.inventory.warehouse import (
    adjust,
    approve,
    begin_count,
    found,
    level,
    line_of,
    reserve,
    wrong_books,
)
from tests.rows import make_row
from tests.services.shop import (
    NOW,
    Shop,
    add_location,
    add_variant,
    cashier,
    new_key,
    open_shop,
    receive,
)


@pytest.fixture
def shop(db_session) -> Shop:
    return open_shop()


@pytest.fixture
def variant(shop: Shop) -> int:
    """Ten pieces of it are at the shop."""
    variant = add_variant("1")
    receive(shop.location, {variant: 10})
    return variant


def sell(shop: Shop, variant: int, pieces: int) -> None:
    shop.sell({variant: pieces}, str(pieces), "100")


def put_in(category: Category, variant: int) -> None:
    product = session().get_one(ProductVariant, variant).product_id
    session().execute(
        sa.update(Product).where(Product.id == product).values(category_id=category.id)
    )
    session().commit()


def test_sales_before_and_after_the_moment_do_not_touch_the_difference(shop, variant) -> None:
    count = begin_count(shop.location)
    sell(shop, variant, 3)  # of ten; seven are left
    found(count, variant, 6)  # one is missing
    sell(shop, variant, 2)
    line = line_of(count, variant)
    assert (line.expected, line.counted, line.discrepancy) == (7, 6, -1)
    assert approve(count) == {"lines": 1, "corrected": 1, "pieces": -1}
    assert level(shop.location, variant) == (4, 0, 4)
    assert wrong_books() == {}


def test_a_line_that_is_right_is_not_corrected_but_remembered(shop, variant) -> None:
    count = begin_count(shop.location)
    found(count, variant, 10)
    sell(shop, variant, 1)
    assert approve(count)["corrected"] == 0
    assert level(shop.location, variant) == (9, 0, 9)
    row = session().scalars(sa.select(InventoryAuditSnapshot)).one()
    assert (row.snapshot_quantity, row.discrepancy, row.snapshot_type) == (10, 0, "count")
    assert session().scalar(sa.select(InventoryStock.last_counted_at)) == NOW


def test_pieces_add_up_when_they_are_scanned_and_typing_replaces_them(shop, variant) -> None:
    count = begin_count(shop.location)
    assert [found(count, variant, 1, adds=True) for _scan in range(3)] == [1, 2, 3]
    assert found(count, variant, 9) == 9
    assert found(count, variant, 2, adds=True) == 11


def test_a_scan_sent_twice_counts_once(shop, variant) -> None:
    count, key = begin_count(shop.location), new_key()
    for _ in range(2):
        found(count, variant, 1, adds=True, key=key)
    assert line_of(count, variant).counted == 1


def test_codes_are_read_like_a_scanner_sends_them(shop) -> None:
    variant = add_variant("1", barcode=f"77{new_key()[:8]}")
    barcode = session().get_one(ProductVariant, variant).barcode
    sku = session().get_one(ProductVariant, variant).sku
    count = begin_count(shop.location)
    for code in (barcode, sku, sku.lower(), f" {sku} "):
        found(count, None, 1, code=code, adds=True)
    assert line_of(count, variant).counted == 4
    with pytest.raises(InvalidCountError) as refusal:
        found(count, None, 1, code="no such code")
    assert "code" in refusal.value.fields


def test_what_nobody_counted_stays_as_it_is(shop, variant) -> None:
    other = add_variant("1")
    receive(shop.location, {other: 5})
    count = begin_count(shop.location)
    found(count, variant, 8)
    approve(count)
    assert (level(shop.location, variant)[0], level(shop.location, other)[0]) == (8, 5)
    snapshots = session().scalars(sa.select(InventoryAuditSnapshot.variant_id)).all()
    assert snapshots == [variant]


def test_a_surprise_is_found_too(shop, variant) -> None:
    surprise = add_variant("1")
    count = begin_count(shop.location)
    found(count, surprise, 2)
    approve(count)
    assert level(shop.location, surprise) == (2, 0, 2)


def test_a_category_is_counted_with_all_below_it_and_nothing_else(shop, variant) -> None:
    top = make_row(Category, name="Abarrotes")
    below = make_row(Category, name="Arroz", parent_id=top.id)
    put_in(below, variant)
    other, late = add_variant("1"), add_variant("1")
    receive(shop.location, {other: 5})
    put_in(top, late)
    count = begin_count(shop.location, scope="category", category_id=top.id)
    lines = session().scalars(sa.select(StockCountLine.variant_id)).all()
    assert lines == [variant]
    found(count, late, 1)
    with pytest.raises(NotInThisCountError):
        found(count, other, 1)


def test_a_list_is_counted_and_nothing_else(shop, variant) -> None:
    other = add_variant("1")
    count = begin_count(shop.location, scope="list", variant_ids=(variant,))
    found(count, variant, 10)
    with pytest.raises(NotInThisCountError):
        found(count, other, 1)
    with pytest.raises(UnknownVariantsError):
        begin_count(add_location(), scope="list", variant_ids=(2**40,))


def test_a_location_has_one_open_count(shop, variant) -> None:
    count = begin_count(shop.location)
    with pytest.raises(CountOpenError) as refusal:
        begin_count(shop.location)
    assert refusal.value.data["count"] == count
    found(count, variant, 10)
    approve(count)
    assert begin_count(shop.location) != count


def test_a_closed_count_takes_nothing_more(shop, variant) -> None:
    count = begin_count(shop.location)
    found(count, variant, 4)
    command = CancelCount(new_key(), count)
    cancel_count(command, actor=cashier("warehouse"), now=NOW)
    assert level(shop.location, variant) == (10, 0, 10)
    assert session().get_one(StockCount, count).status == "cancelled"
    for work in (lambda: found(count, variant, 1), lambda: approve(count)):
        with pytest.raises(CountClosedError):
            work()
    with pytest.raises(CountNotFoundError):
        approve(2**40)


def test_more_sold_than_was_found_must_be_counted_again(shop, variant) -> None:
    count = begin_count(shop.location)
    found(count, variant, 4)
    sell(shop, variant, 5)  # of four?
    with pytest.raises(InsufficientStockError):
        approve(count)
    found(count, variant, 4)
    approve(count)
    assert level(shop.location, variant) == (4, 0, 4)
    assert wrong_books() == {}


def test_reserved_pieces_are_not_counted_away(shop, variant) -> None:
    reserve(shop.location, {variant: 8})
    count = begin_count(shop.location)
    found(count, variant, 5)
    with pytest.raises(InsufficientStockError):
        approve(count)
    assert level(shop.location, variant) == (10, 8, 2)


def test_commands_that_make_no_sense_are_refused(shop, variant) -> None:
    for more, field in (
        ({"scope": "category"}, "category_id"),
        ({"scope": "category", "category_id": 2**40}, "category_id"),
        ({"scope": "list"}, "variant_ids"),
    ):
        with pytest.raises(InvalidCountError) as refusal:
            begin_count(shop.location, **more)
        assert field in refusal.value.fields
    with pytest.raises(InvalidCountError):
        begin_count(shop.location, scope="some")
    count = begin_count(shop.location)
    with pytest.raises(InvalidCountError):
        approve(count)
    with pytest.raises(InvalidCountError):
        found(count, variant, -1)


def test_approving_takes_as_many_statements_whatever_the_lines(
    db_session, count_statements
) -> None:
    taken = []
    for number in (1, 12):
        place, pieces = add_location(), {add_variant("1"): 5 for _ in range(number)}
        receive(place, pieces)
        count = begin_count(place)
        for variant in pieces:
            found(count, variant, 4)
        with count_statements() as statements:
            approve(count)
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_a_correction_by_hand_during_the_count_is_not_lost(shop, variant) -> None:
    count = begin_count(shop.location)
    found(count, variant, 9)
    adjust(shop.location, {variant: 5})
    approve(count)
    assert level(shop.location, variant)[0] == 14

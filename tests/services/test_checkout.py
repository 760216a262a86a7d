"""Checkout at the till, in all its branches."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.services.inventory.errors import InsufficientStockError
from app.services.platform.errors import IdempotencyConflictError
from app.services.sales.close_cash_session import CloseCashSession, close_cash_session
from app.services.sales.errors import (
    CashSessionClosedError,
    CashSessionNotFoundError,
    InvalidSaleError,
    NoSalesHereError,
    NotEnoughCashError,
    NotYourCashSessionError,
    PaymentError,
    PriceChangedError,
    TransitionNotAllowedError,
    UnsellableLinesError,
)
from models.catalog import ProductVariant
from models.inventory import InventoryMovement, Location
from models.platform import IdempotencyKey, NumberSequence
from models.sales import Order, OrderStatusChange, OrderStatusTransition
from tests.services.shop import (
    NOW,
    Shop,
    add_variant,
    cashier,
    ledger_sum,
    new_key,
    on_hand,
    open_shop,
    receive,
)


@pytest.fixture
def shop(db_session) -> Shop:
    return open_shop()


def order_of(sale) -> Order:
    session().expire_all()
    return session().get_one(Order, sale.order_id)


def orders() -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(Order))


def test_a_sale_is_a_completed_paid_order_with_frozen_lines(shop: Shop) -> None:
    taxed, free_of_tax = add_variant("11.80"), add_variant("5.0000", tax_code="20")
    receive(shop.location, {taxed: 10, free_of_tax: 10})
    sale = shop.sell({taxed: 2, free_of_tax: 1}, "28.60", "50")
    order = order_of(sale)
    assert (order.status, order.payment_status, order.channel) == ("completed", "paid", "pos")
    assert (order.subtotal, order.tax_total, order.grand_total) == (
        Decimal("28.60"),
        Decimal("3.60"),
        Decimal("28.60"),
    )
    assert [(i.quantity, i.total_price, i.tax_amount, i.tax_rate) for i in order.items] == [
        (2, Decimal("23.60"), Decimal("3.60"), 18),
        (1, Decimal("5.00"), Decimal("0.00"), 0),
    ]
    assert order.cash_session_id == shop.till
    assert order.receipt_status == "pending"


def test_stock_and_ledger_move_with_the_sale(shop: Shop) -> None:
    variant = add_variant("3.00")
    receive(shop.location, {variant: 10})
    sale = shop.sell({variant: 4}, "12.00", "12")
    assert on_hand(shop.location, variant) == ledger_sum(shop.location, variant) == 6
    movement = (
        session()
        .scalars(sa.select(InventoryMovement).where(InventoryMovement.order_id == sale.order_id))
        .one()
    )
    assert (movement.movement_type, movement.quantity) == ("sell", 4)
    assert movement.from_location_id == shop.location
    assert movement.unit_cost == 1


def test_cash_totals_are_rounded_down_and_the_change_is_given(shop: Shop) -> None:
    variant = add_variant("10.37")
    receive(shop.location, {variant: 1})
    sale = shop.sell({variant: 1}, "10.37", "20")
    order = order_of(sale)
    payment = order.payments[0]
    assert (order.cash_rounding, order.grand_total) == (Decimal("-0.07"), Decimal("10.30"))
    assert (payment.amount, payment.tendered, payment.change_given) == (
        Decimal("10.30"),
        Decimal("20.00"),
        Decimal("9.70"),
    )
    assert (sale.to_pay, sale.change) == (Decimal("10.30"), Decimal("9.70"))


def test_a_sale_below_the_smallest_coin_needs_no_payment(shop: Shop) -> None:
    variant = add_variant("0.05")
    receive(shop.location, {variant: 1})
    order = order_of(shop.sell({variant: 1}, "0.05", "0"))
    assert (order.grand_total, order.payment_status, order.payments) == (0, "paid", [])


def test_the_variants_own_price_wins_over_the_products(shop: Shop) -> None:
    variant = add_variant("10", price_override=Decimal("7.5055"))
    receive(shop.location, {variant: 10})
    order = order_of(shop.sell({variant: 2}, "15.01", "20"))
    assert order.items[0].unit_price == Decimal("7.5055")


def test_the_state_change_is_written_with_who_and_from_where(shop: Shop) -> None:
    variant = add_variant("1")
    receive(shop.location, {variant: 1})
    sale = shop.sell({variant: 1}, "1", "1")
    change = (
        session()
        .scalars(sa.select(OrderStatusChange).where(OrderStatusChange.order_id == sale.order_id))
        .one()
    )
    assert (change.previous_status, change.new_status) == ("draft", "completed")
    assert (change.changed_by, str(change.ip_address)) == (shop.actor.user_id, "127.0.0.1")


def test_tickets_of_a_location_are_numbered_without_gaps(shop: Shop) -> None:
    variant = add_variant("1")
    receive(shop.location, {variant: 2})
    first = shop.sell({variant: 1}, "1", "1").order_number
    with pytest.raises(NotEnoughCashError):
        shop.sell({variant: 1}, "1", "0.50")
    second = shop.sell({variant: 1}, "1", "1").order_number
    code = session().get_one(Location, shop.location).code
    assert (first, second) == (f"{code}-00000001", f"{code}-00000002")


def test_the_same_key_gives_the_same_sale(shop: Shop) -> None:
    variant = add_variant("2")
    receive(shop.location, {variant: 10})
    key = new_key()
    first = shop.sell({variant: 1}, "2", "5", key)
    again = shop.sell({variant: 1}, "2", "5", key)
    assert again.replayed
    assert (again.order_id, again.order_number, again.change) == (
        first.order_id,
        first.order_number,
        first.change,
    )
    assert on_hand(shop.location, variant) == 9


def test_the_same_key_with_another_cart_is_refused_with_the_first_result(shop: Shop) -> None:
    variant = add_variant("2")
    receive(shop.location, {variant: 10})
    key = new_key()
    first = shop.sell({variant: 1}, "2", "5", key)
    with pytest.raises(IdempotencyConflictError) as refusal:
        shop.sell({variant: 2}, "4", "5", key)
    assert refusal.value.data["result"]["order_id"] == first.order_id
    assert on_hand(shop.location, variant) == 9


def test_another_person_does_not_learn_the_result_of_a_key(shop: Shop) -> None:
    variant = add_variant("2")
    receive(shop.location, {variant: 10})
    key = new_key()
    shop.sell({variant: 1}, "2", "5", key)
    other = Shop(shop.location, shop.till, cashier("manager"))
    with pytest.raises(IdempotencyConflictError) as refusal:
        other.sell({variant: 1}, "2", "5", key)
    assert refusal.value.data["result"] is None


def test_a_refused_sale_leaves_nothing_and_its_key_can_be_used_again(shop: Shop) -> None:
    variant = add_variant("2")
    receive(shop.location, {variant: 1})
    before, key = orders(), new_key()
    with pytest.raises(InsufficientStockError):
        shop.sell({variant: 2}, "4", "5", key)
    assert orders() == before
    assert session().scalar(sa.select(IdempotencyKey).where(IdempotencyKey.key == key)) is None
    code = session().get_one(Location, shop.location).code
    series = sa.select(NumberSequence).where(NumberSequence.series == f"ticket:{code}")
    assert session().scalar(series) is None
    assert not shop.sell({variant: 1}, "2", "5", key).replayed


def test_all_lines_with_too_little_stock_are_named(shop: Shop) -> None:
    plenty, little, none = add_variant("1"), add_variant("1", size="XL"), add_variant("1")
    receive(shop.location, {plenty: 10, little: 2})
    with pytest.raises(InsufficientStockError) as refusal:
        shop.sell({plenty: 1, little: 3, none: 1}, "5", "5")
    short = {line.variant_id: (line.wanted, line.available) for line in refusal.value.lines}
    assert short == {little: (3, 2), none: (1, 0)}
    sku = session().get_one(ProductVariant, little).sku
    assert sku in refusal.value.message
    assert "XL" in refusal.value.message


def test_a_variant_in_two_lines_is_counted_together(shop: Shop) -> None:
    variant = add_variant("1")
    receive(shop.location, {variant: 3})
    command = shop.command({variant: 2}, "4", "4")
    doubled = type(command)(**{**vars_of(command), "lines": command.lines * 2})
    from app.services.sales.checkout import checkout

    with pytest.raises(InsufficientStockError) as refusal:
        checkout(doubled, actor=shop.actor, now=NOW)
    assert refusal.value.lines[0].wanted == 4


def vars_of(command) -> dict[str, object]:
    return {name: getattr(command, name) for name in command.__dataclass_fields__}


def test_a_location_that_allows_it_sells_before_the_arrival_is_recorded(db_session) -> None:
    shop = open_shop(allows_negative_stock=True)
    variant = add_variant("1")
    shop.sell({variant: 3}, "3", "3")
    assert on_hand(shop.location, variant) == ledger_sum(shop.location, variant) == -3


def test_all_lines_that_are_not_for_sale_are_named(shop: Shop) -> None:
    draft, inactive = add_variant("1", status="draft"), add_variant("1", is_active=False)
    gift = add_variant("1", tax_code="11")
    with pytest.raises(UnsellableLinesError) as refusal:
        shop.sell({draft: 1, inactive: 1, gift: 1, 2**40: 1}, "4", "4")
    reasons = {line.variant_id: line.reason for line in refusal.value.lines}
    assert reasons == {
        draft: "inactive", inactive: "inactive", gift: "not_for_sale", 2**40: "unknown",
    }  # fmt: skip


def test_a_changed_price_is_told_with_both_totals(shop: Shop) -> None:
    variant = add_variant("2")
    receive(shop.location, {variant: 1})
    with pytest.raises(PriceChangedError) as refusal:
        shop.sell({variant: 1}, "1.90", "5")
    assert (refusal.value.data["expected"], refusal.value.data["actual"]) == ("1.90", "2.00")
    assert refusal.value.data["prices"] == {str(variant): "2.0000"}
    assert on_hand(shop.location, variant) == 1


def test_too_little_cash_is_refused(shop: Shop) -> None:
    variant = add_variant("10.37")
    receive(shop.location, {variant: 2})
    with pytest.raises(NotEnoughCashError):
        shop.sell({variant: 1}, "10.37", "10.20")
    shop.sell({variant: 1}, "10.37", "10.30")


@pytest.mark.parametrize("cash", ["-1", "NaN", "Infinity", "1.005", "99999999999"])
def test_cash_that_is_no_amount_is_refused(shop: Shop, cash: str) -> None:
    with pytest.raises(PaymentError):
        shop.sell({add_variant("1"): 1}, "1", cash)


@pytest.mark.parametrize("quantity", [0, -1, 100_001])
def test_impossible_quantities_are_refused(shop: Shop, quantity: int) -> None:
    with pytest.raises(InvalidSaleError):
        shop.sell({1: quantity}, "1", "1")


def test_an_empty_cart_is_refused(shop: Shop) -> None:
    with pytest.raises(InvalidSaleError):
        shop.sell({}, "0", "0")


def test_nothing_is_sold_in_a_closed_session(shop: Shop) -> None:
    close_cash_session(CloseCashSession(shop.till, Decimal(50)), actor=shop.actor, now=NOW)
    with pytest.raises(CashSessionClosedError):
        shop.sell({add_variant("1"): 1}, "1", "1")


def test_nothing_is_sold_in_somebody_elses_session(shop: Shop) -> None:
    with pytest.raises(NotYourCashSessionError):
        Shop(shop.location, shop.till, cashier("manager")).sell({1: 1}, "1", "1")


def test_an_unknown_session_is_refused(shop: Shop) -> None:
    with pytest.raises(CashSessionNotFoundError):
        Shop(shop.location, 2**40, shop.actor).sell({1: 1}, "1", "1")


def test_nothing_is_sold_where_sales_are_not_allowed(shop: Shop) -> None:
    with atomic() as current:
        current.get_one(Location, shop.location).allows_sales = False
    with pytest.raises(NoSalesHereError):
        shop.sell({add_variant("1"): 1}, "1", "1")


def test_without_the_transition_nothing_is_sold(shop: Shop) -> None:
    variant = add_variant("1")
    receive(shop.location, {variant: 1})
    with atomic() as current:
        current.execute(
            sa.delete(OrderStatusTransition).where(OrderStatusTransition.from_status == "draft")
        )
    with pytest.raises(TransitionNotAllowedError):
        shop.sell({variant: 1}, "1", "1")
    assert on_hand(shop.location, variant) == 1

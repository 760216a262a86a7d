"""Orders by telephone and from the web: taken, reserved, paid, handed over, cancelled."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.domain.tenders import Tender
from app.services.customers.errors import CreditLimitError, CustomerNotFoundError
from app.services.inventory.errors import InsufficientStockError
from app.services.inventory.expire_reservations import expire_reservations
from app.services.platform.errors import IdempotencyConflictError
from app.services.sales.errors import (
    CouponError,
    InvalidSaleError,
    NoSalesHereError,
    OverpaidError,
    PaymentError,
    PriceChangedError,
)
from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
from app.services.sales.order_errors import (
    InvalidOrderError,
    OrderNotOpenError,
    OrderNotPaidError,
)
from app.services.sales.pay_order import PayOrder, pay_order
from app.services.sales.place_order import OrderedLine, place_order
from app.services.sales.read_order import read_order
from app.services.sales.return_items import ReturnedItem
from app.services.sales.return_order import ReturnOrder, return_order
from models.customers import Customer
from models.inventory import InventoryMovement, InventoryReservation, Location
from models.messaging import EmailLog
from models.sales import Coupon, Order, OrderItem, OrderPayment, OrderPromotion, Promotion
from tests.inventory.warehouse import level, reserve, wrong_books
from tests.rows import make_row
from tests.sales.ordering import ADDRESS, Desk, order_of, person
from tests.services.shop import NOW, add_variant, new_key, receive

LATER = NOW + dt.timedelta(hours=49)


@pytest.fixture
def desk(db_session) -> Desk:
    return Desk()


def mails(order_id: int) -> list[str]:
    row = EmailLog
    found = session().scalars(
        sa.select(row.event_key).where(row.event_key.endswith(f":{order_id}"))
    )
    return sorted(key.partition(":")[0] for key in found)


def add_offer(kind: str = "percent", value: str = "10", **conditions: object) -> int:
    with atomic():
        return make_row(
            Promotion, name="Offer", type=kind, value=Decimal(value), is_active=True,
            conditions=conditions, start_date=NOW - dt.timedelta(days=1), end_date=None,
        ).id  # fmt: skip


def test_an_order_is_confirmed_reserved_and_told(desk):
    placed = desk.place_order(total="50.00", shipping_cost=Decimal("10.00"), notes="Ring twice")
    order = order_of(placed.order_id)
    assert (order.status, order.payment_status, order.channel) == ("confirmed", "unpaid", "phone")
    assert (order.subtotal, order.shipping_cost, order.grand_total) == (40, 10, 50)
    assert order.tax_total == Decimal("7.63")  # 18 % of 50.00
    assert (order.delivery_address, order.user_id) == (ADDRESS, desk.actor.user_id)
    assert order.order_number.startswith("PED-")
    assert level(desk.place, desk.variant) == (10, 2, 8)
    held = session().scalars(sa.select(InventoryReservation)).one()
    assert held.expires_at == NOW + dt.timedelta(hours=48)
    assert mails(order.id) == ["order_confirmed"]
    assert wrong_books() == {}


def test_the_same_key_is_one_order(desk):
    command = desk.command()
    first = place_order(command, actor=desk.actor, now=NOW)
    again = place_order(command, actor=desk.actor, now=NOW)
    assert again == replace(first, replayed=True)
    with pytest.raises(IdempotencyConflictError):
        place_order(replace(command, notes="Other"), actor=desk.actor, now=NOW)
    assert session().scalar(sa.select(sa.func.count()).select_from(Order)) == 1


def test_what_was_told_is_what_it_costs(desk):
    with pytest.raises(PriceChangedError) as refused:
        desk.place_order(total="39.00")
    assert refused.value.data["actual"] == "40.00"
    assert session().scalar(sa.select(sa.func.count()).select_from(Order)) == 0
    assert level(desk.place, desk.variant) == (10, 0, 10)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "pos"}, "channel"),
        ({"shipping_method": "drone"}, "shipping_method"),
        ({"delivery_address": " "}, "delivery_address"),
        ({"shipping_method": "pickup", "shipping_cost": Decimal(1)}, "shipping_cost"),
        ({"reserve_until": NOW}, "reserve_until"),
        ({"reserve_until": NOW + dt.timedelta(days=31)}, "reserve_until"),
        ({"notes": "x" * 2001}, "notes"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused_beside_the_field(desk, change, field):
    with pytest.raises(InvalidOrderError) as refused:
        desk.place_order(**change)
    assert list(refused.value.fields) == [field]


def test_nothing_is_ordered_where_nothing_is_sold_or_by_nobody(desk):
    with pytest.raises(CustomerNotFoundError):
        desk.place_order(customer_id=desk.customer + 1)
    with pytest.raises(InvalidSaleError):
        desk.place_order(lines=())
    with atomic():
        session().get_one(Location, desk.place).allows_sales = False
    with pytest.raises(NoSalesHereError):
        desk.place_order()


def test_no_more_is_promised_than_there_is(desk):
    reserve(desk.place, {desk.variant: 9})
    with pytest.raises(InsufficientStockError) as refused:
        desk.place_order()
    assert [(line.wanted, line.available) for line in refused.value.lines] == [(2, 1)]
    assert session().scalar(sa.select(sa.func.count()).select_from(Order)) == 0


def test_promotions_of_the_channel_and_free_delivery(desk):
    add_offer(value="10", channels=["phone"])
    add_offer("free_shipping", "0", min_amount="40.00")
    with pytest.raises(PriceChangedError):
        desk.place_order(total="46.00", channel="web", shipping_cost=Decimal(10))
    placed = desk.place_order(total="36.00", shipping_cost=Decimal(10))
    order = order_of(placed.order_id)
    assert (order.discount_total, order.shipping_cost, order.grand_total) == (4, 0, 36)
    off = session().scalars(
        sa.select(OrderPromotion.amount_discounted).where(OrderPromotion.order_id == order.id)
    )
    assert sorted(off) == [4, 10]


def test_a_coupon_is_used_and_given_back(desk):
    offer = add_offer(coupon=True)
    with atomic():
        coupon = make_row(Coupon, promotion_id=offer, code="TEN", max_uses=1)
    order_id = desk.place_order(total="36.00", coupon="ten").order_id
    session().refresh(coupon)
    assert coupon.used_count == 1
    with pytest.raises(CouponError):
        desk.place_order(total="36.00", coupon="ten")
    desk.move(order_id, "cancelled", "No")
    session().refresh(coupon)
    assert coupon.used_count == 0


def test_cancelling_frees_the_goods(desk):
    order_id = desk.order()
    desk.move(order_id, "cancelled", "No")
    desk.move(order_id, "cancelled", "No")
    assert level(desk.place, desk.variant) == (10, 0, 10)
    lines = session().scalars(sa.select(OrderItem.status).where(OrderItem.order_id == order_id))
    assert set(lines) == {"cancelled"}
    with pytest.raises(OrderNotOpenError):
        desk.pay(order_id, "40.00")
    assert wrong_books() == {}


def test_paying_part_by_part(desk):
    order_id = desk.order()
    first = desk.pay(order_id, "15.00", "yape")
    assert (first.status, first.payment_status, first.missing) == (
        "confirmed", "partially_paid", Decimal("25.00"),
    )  # fmt: skip
    with pytest.raises(OrderNotPaidError):
        desk.move(order_id, "paid")
    with pytest.raises(OverpaidError):
        desk.pay(order_id, "25.01")
    last = desk.pay(order_id, "25.00", "card")
    assert (last.status, last.payment_status, last.missing) == ("paid", "paid", 0)
    with pytest.raises(OrderNotOpenError):
        desk.pay(order_id, "1.00")
    order = order_of(order_id)
    assert order.receipt_status == "pending"
    assert [one.cash_session_id for one in order.payments] == [None, None]
    assert mails(order_id) == ["order_confirmed", "order_paid"]


def test_the_same_payment_is_made_once(desk):
    order_id, key = desk.order(), new_key()
    first = desk.pay(order_id, "15.00", key=key)
    assert desk.pay(order_id, "15.00", key=key) == replace(first, replayed=True)
    assert session().scalar(sa.select(sa.func.sum(OrderPayment.amount))) == 15


def test_cash_goes_into_an_open_till_with_change_and_rounding(desk):
    order_id = desk.place_order(
        total="20.04", lines=(OrderedLine(add_stocked(desk, "20.04"), 1),)
    ).order_id
    with pytest.raises(PaymentError, match="caja"):
        desk.pay(order_id, "50.00", "cash")
    till = open_cash_session(OpenCashSession(desk.place, Decimal(0)), actor=desk.actor, now=NOW)
    paid = desk.pay(order_id, "50.00", "cash", till=till)
    assert (paid.change, paid.missing) == (30, 0)
    order = order_of(order_id)
    assert (order.cash_rounding, order.grand_total) == (Decimal("-0.04"), 20)
    assert [(one.amount, one.cash_session_id) for one in order.payments] == [(20, till)]


def add_stocked(desk: Desk, price: str) -> int:
    variant = add_variant(price)
    receive(desk.place, {variant: 5})
    return variant


def test_on_credit_it_goes_on_its_way_and_counts_as_unpaid(desk):
    order_id = desk.order()
    with pytest.raises(CreditLimitError):
        desk.pay(order_id, "40.00", "credit")
    with atomic():
        session().get_one(Customer, desk.customer).credit_limit = Decimal(100)
    paid = desk.pay(order_id, "40.00", "credit")
    assert (paid.status, paid.payment_status, paid.missing) == ("paid", "unpaid", 0)


def test_tenders_make_sense(desk):
    order_id = desk.order()
    for tenders in ((), (Tender("transfer", Decimal(40)),), (Tender("gold", Decimal(40), "1"),)):
        with pytest.raises(PaymentError):
            pay_order(PayOrder(new_key(), order_id, tenders), actor=desk.actor, now=NOW)


def test_the_way_to_the_customer_sells_what_was_reserved(desk):
    order_id = desk.order("paid", "picking", "shipped")
    assert level(desk.place, desk.variant) == (8, 0, 8)
    sold = session().scalars(
        sa.select(InventoryMovement).where(InventoryMovement.order_id == order_id)
    )
    assert [(one.movement_type, one.quantity, one.unit_cost) for one in sold] == [("sell", 2, 1)]
    desk.move(order_id, "delivered")
    desk.move(order_id, "completed")
    assert level(desk.place, desk.variant) == (8, 0, 8)
    assert mails(order_id) == [
        "order_confirmed", "order_delivered", "order_paid", "order_shipped",
    ]  # fmt: skip
    assert wrong_books() == {}


def test_an_unpaid_order_loses_its_goods_when_its_time_is_over(desk):
    order_id = desk.order()
    assert expire_reservations(now=LATER) == 2
    assert level(desk.place, desk.variant) == (10, 0, 10)
    desk.pay(order_id, "40.00", now=LATER)
    assert level(desk.place, desk.variant) == (10, 2, 8)
    assert session().scalars(sa.select(InventoryReservation.expires_at)).all() == [None]


def test_money_is_taken_though_the_goods_have_gone_and_picking_says_what_lacks(desk):
    order_id = desk.order()
    expire_reservations(now=LATER)
    reserve(desk.place, {desk.variant: 9}, "another", now=LATER, minutes=600)
    assert desk.pay(order_id, "40.00", now=LATER).status == "paid"
    with pytest.raises(InsufficientStockError) as refused:
        desk.move(order_id, "picking", now=LATER)
    assert [(line.wanted, line.available) for line in refused.value.lines] == [(2, 1)]
    assert order_of(order_id).status == "paid"
    receive(desk.place, {desk.variant: 1})
    desk.move(order_id, "picking", now=LATER)
    desk.move(order_id, "shipped", now=LATER)
    assert level(desk.place, desk.variant) == (9, 9, 0)
    assert wrong_books() == {}


def test_an_expired_reservation_is_not_sold_before_the_sweeper_comes(desk):
    """Shipping takes what is there, not what somebody else was promised meanwhile."""
    with atomic():
        order_id = desk.order()
        session().execute(
            sa.text("UPDATE sales.order_status_transitions SET from_status = 'confirmed'"
                    " WHERE from_status = 'picking' AND to_status = 'shipped'")
        )  # fmt: skip
    reserve(desk.place, {desk.variant: 9}, "another", now=LATER, minutes=600)
    with pytest.raises(InsufficientStockError):
        desk.move(order_id, "shipped", now=LATER)
    assert level(desk.place, desk.variant) == (10, 9, 1)


def test_points_are_earned_with_the_payment(desk):
    from app.services.customers.loyalty import balance_of

    desk.order("paid")
    assert balance_of(desk.customer) == 4


def test_as_many_statements_whatever_the_lines(desk, count_statements):
    taken = []
    for number in (1, 8):
        variants = [add_variant("1") for _ in range(number)]
        receive(desk.place, dict.fromkeys(variants, 5))
        lines = tuple(OrderedLine(variant, 1) for variant in variants)
        command = desk.command(total=f"{number}.00", lines=lines)
        actor = person("cashier")
        with count_statements() as placing:
            order_id = place_order(command, actor=actor, now=NOW).order_id
        desk.pay(order_id, f"{number}.00")
        desk.move(order_id, "picking")
        with count_statements() as shipping:
            desk.move(order_id, "shipped", actor=actor)
        taken.append((len(placing), len(shipping)))
    assert taken[0] == taken[1]
    assert taken[0] <= (40, 32), taken


def test_who_may_not_see_the_order_can_not_pay_it(desk):
    from app.services.sales.errors import OrderNotFoundError

    with pytest.raises(OrderNotFoundError):
        desk.pay(999_999, "1.00")


def test_over_rest(desk, client, token):
    session().commit()
    body = {
        "location_id": desk.place,
        "customer_id": desk.customer,
        "lines": [{"variant_id": desk.variant, "quantity": 2}],
        "expected_total": "40.00",
        "channel": "web",
        "delivery_address": ADDRESS,
    }
    header = token("seller")
    made = client.post("/api/v1/sales/place_order", json=body, headers=header)
    assert made.status_code == 200, made.text
    order_id = made.json["result"]["order_id"]
    tender = {"method": "card", "amount": "40", "reference": "77"}
    paid = client.post(
        "/api/v1/sales/pay_order", json={"order_id": order_id, "tenders": [tender]}, headers=header
    )
    assert paid.json["result"]["status"] == "paid", paid.text
    assert order_of(order_id).channel == "web"


def test_what_came_back_is_not_paid_for_again(desk):
    order_id = desk.order("paid", "picking", "shipped", "delivered")
    item = order_of(order_id).items[0].id
    back = ReturnOrder(
        new_key(), order_id, (ReturnedItem(item, 1),), "Too small",
        (Tender("transfer", Decimal("20.00"), "OP-2"),),
    )  # fmt: skip
    return_order(back, actor=desk.actor, now=NOW)
    assert order_of(order_id).payment_status == "partially_refunded"
    assert read_order(order_id, actor=desk.actor, now=NOW).missing == 0
    with pytest.raises(OrderNotOpenError):
        desk.pay(order_id, "20.00")
    assert order_of(order_id).payment_status == "partially_refunded"

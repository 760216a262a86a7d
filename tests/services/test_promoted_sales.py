"""Sales with promotions, coupons, discounts by hand and several tenders."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.domain.access_policy import AccessPolicy, GrantedRole, RolePolicy
from app.domain.tenders import Tender
from app.services.customers.credit_wallet import credit_wallet
from app.services.customers.errors import CreditLimitError, InsufficientWalletError
from app.services.customers.loyalty import PointsChange, balance_of, post_points
from app.services.customers.wallet import wallet_balance
from app.services.identity.approve_with_pin import Approval
from app.services.sales.checkout import DISCOUNT, DISCOUNT_LIMIT, checkout
from app.services.sales.errors import (
    CouponError,
    DiscountNotAllowedError,
    InvalidSaleError,
    NotEnoughCashError,
    NotPaidError,
    OverpaidError,
    PaymentError,
)
from app.services.sales.price_cart import Cart, SaleLine, price_cart
from app.services.sales.transition_order import change_state
from models.catalog import Category, Product, ProductVariant
from models.customers import Customer
from models.sales import Coupon, Order, OrderPayment, OrderStatusTransition, Promotion
from tests.rows import make_row
from tests.services.shop import NOW, Shop, add_variant, new_key, on_hand, open_shop, receive

CASH = (Tender("cash", Decimal(1000)),)


@pytest.fixture
def shop(db_session) -> Shop:
    return open_shop()


@pytest.fixture
def goods(shop) -> int:
    """A variant at S/ 10.00, a hundred of them."""
    variant = add_variant("10.00")
    receive(shop.location, {variant: 100})
    return variant


def add_promotion(kind: str, value: str, **conditions: object) -> int:
    with atomic():
        row = make_row(
            Promotion,
            name=f"{kind} {value}",
            type=kind,
            value=Decimal(value),
            start_date=NOW - dt.timedelta(days=1),
            end_date=NOW + dt.timedelta(days=1),
            is_active=True,
            conditions=conditions,
        )
        return row.id


def add_coupon(promotion: int, **values: object) -> Coupon:
    with atomic():
        return make_row(Coupon, promotion_id=promotion, code=f"C{new_key()[:8].upper()}", **values)


def add_buyer(**values: object) -> int:
    with atomic():
        return make_row(Customer, full_name="Rosa Buyer", **values).id


def sell(shop: Shop, variant: int, pieces: int, total: str, actor=None, **given) -> Order:
    given = {"tenders": CASH, **given}
    command = replace(shop.command({variant: pieces}, total, "0"), **given)
    sale = checkout(command, actor=actor or shop.actor, now=NOW)
    session().expire_all()
    return session().get_one(Order, sale.order_id)


def limited(actor, percent: int):
    """The actor with a right to give discounts up to so many percent."""
    policy = RolePolicy(limits={DISCOUNT_LIMIT: Decimal(percent)})
    role = GrantedRole("Cashier", frozenset({DISCOUNT}), policy)
    return replace(actor, rights=frozenset({DISCOUNT}), policy=AccessPolicy((role,)))


def test_a_promotion_is_on_the_order_and_its_line_to_the_cent(shop, goods):
    promotion = add_promotion("percent", "15")
    order = sell(shop, goods, 3, "25.50")
    assert (order.subtotal, order.discount_total) == (Decimal("30.00"), Decimal("4.50"))
    (line,) = order.items
    assert (line.discount_amount, line.total_price) == (Decimal("4.50"), Decimal("25.50"))
    assert order.tax_total == Decimal("3.89")  # 25.50 less 25.50 / 1.18
    (used,) = order.promotions
    assert (used.promotion_id, used.amount_discounted) == (promotion, Decimal("4.50"))


def test_a_promotion_of_a_category_holds_for_those_below_it(shop, goods):
    with atomic():
        top = make_row(Category, name="Drinks", parent_id=None)
        below = make_row(Category, name="Juices", parent_id=top.id)
        variant = session().get_one(ProductVariant, goods)
        session().get_one(Product, variant.product_id).category_id = below.id
    add_promotion("percent", "10", categories=[top.id])
    add_promotion("percent", "50", categories=[top.id + 1000])
    assert sell(shop, goods, 1, "9.00").discount_total == Decimal("1.00")


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"start_date": NOW + dt.timedelta(hours=1)},
        {"end_date": NOW - dt.timedelta(hours=1)},
        {"deleted_at": NOW},
    ],
)
def test_a_promotion_that_is_not_live_takes_nothing_off(shop, goods, change):
    key = add_promotion("percent", "15")
    with atomic():
        session().execute(sa.update(Promotion).where(Promotion.id == key).values(**change))
    assert sell(shop, goods, 1, "10.00").discount_total == 0


def test_conditions_that_cannot_be_read_keep_nobody_from_selling(shop, goods):
    add_promotion("percent", "15", surprise=True)
    assert sell(shop, goods, 1, "10.00").discount_total == 0


def test_a_coupon_starts_its_promotion_and_is_counted(shop, goods):
    coupon = add_coupon(add_promotion("fixed_amount", "2.50", coupon=True))
    order = sell(shop, goods, 1, "7.50", coupon=f" {coupon.code.lower()} ")
    assert order.promotions[0].coupon_id == coupon.id
    session().refresh(coupon)
    assert coupon.used_count == 1
    assert sell(shop, goods, 1, "10.00").promotions == []


@pytest.mark.parametrize(
    ("values", "conditions", "reason"),
    [
        ({"max_uses": 1, "used_count": 1}, {}, "used_up"),
        ({"expires_at": NOW - dt.timedelta(seconds=1)}, {}, "expired"),
        ({}, {"min_amount": "10.01"}, "min_amount"),
        ({}, {"first_purchase": True}, "customer"),
        ({}, {"channels": ["web"]}, "channel"),
        ({"max_uses_per_customer": 1}, {}, "customer"),
    ],
)
def test_a_coupon_that_gives_nothing_says_why_and_nothing_is_sold(
    shop, goods, values, conditions, reason
):
    coupon = add_coupon(add_promotion("percent", "10", coupon=True, **conditions), **values)
    before = on_hand(shop.location, goods)
    with pytest.raises(CouponError) as refused:
        sell(shop, goods, 1, "9.00", coupon=coupon.code)
    assert refused.value.reason == reason
    assert coupon.code in refused.value.message
    assert on_hand(shop.location, goods) == before
    with pytest.raises(CouponError):
        sell(shop, goods, 1, "9.00", coupon="NOSUCH")


def test_a_customer_uses_a_coupon_as_often_as_one_may_and_gets_it_back(shop, goods):
    buyer, other = add_buyer(), add_buyer()
    coupon = add_coupon(add_promotion("percent", "10", coupon=True), max_uses_per_customer=1)
    given = {"coupon": coupon.code, "customer_id": buyer}
    order = sell(shop, goods, 1, "9.00", **given)
    with pytest.raises(CouponError) as refused:
        sell(shop, goods, 1, "9.00", **given)
    assert refused.value.reason == "used_by_customer"
    sell(shop, goods, 1, "9.00", coupon=coupon.code, customer_id=other)
    with atomic():
        make_row(OrderStatusTransition, from_status="completed", to_status="cancelled",
                 requires_approval=False, required_permission=None)  # fmt: skip
        change_state(order, "cancelled", actor=shop.actor, now=NOW)
    session().refresh(coupon)
    assert coupon.used_count == 1
    sell(shop, goods, 1, "9.00", **given)


def test_a_discount_by_hand_goes_as_far_as_the_limit(shop, goods):
    actor = limited(shop.actor, 10)
    line = (SaleLine(goods, 2, Decimal(5)),)
    order = sell(shop, goods, 2, "19.00", lines=line, actor=actor)
    assert order.items[0].discount_amount == Decimal("1.00")
    order = sell(shop, goods, 2, "18.00", discount_percent=Decimal(10), actor=actor)
    assert order.discount_total == Decimal("2.00")
    with pytest.raises(DiscountNotAllowedError):  # 5 % and then 10 % are more than 10 %
        sell(shop, goods, 2, "17.10", lines=line, discount_percent=Decimal(10), actor=actor)
    nobody = replace(actor, rights=frozenset())
    with pytest.raises(DiscountNotAllowedError):
        sell(shop, goods, 2, "19.00", lines=line, actor=nobody)


def test_a_supervisor_allows_more_and_the_history_names_who(shop, goods):
    actor = limited(shop.actor, 0)
    approval = Approval(1, "Sonia Supervisor", DISCOUNT, DISCOUNT_LIMIT, Decimal(20))
    given = {"discount_percent": Decimal(20), "actor": actor}
    order = sell(shop, goods, 1, "8.00", approval=approval, **given)
    reason = session().scalar(
        sa.text("SELECT change_reason FROM sales.order_status_history WHERE order_id = :id"),
        {"id": order.id},
    )
    assert reason == "20 %: Sonia Supervisor"
    for wrong in (replace(approval, up_to=Decimal(19)), replace(approval, right="x:y")):
        with pytest.raises(DiscountNotAllowedError):
            sell(shop, goods, 1, "8.00", approval=wrong, **given)


def test_a_sale_sent_again_without_its_approval_is_the_same_sale(shop, goods):
    actor = limited(shop.actor, 0)
    approval = Approval(1, "Sonia Supervisor", DISCOUNT, DISCOUNT_LIMIT, None)
    command = replace(
        shop.command({goods: 1}, "8.00", "8"), discount_percent=Decimal(20), approval=approval
    )
    first = checkout(command, actor=actor, now=NOW)
    again = checkout(replace(command, approval=None), actor=actor, now=NOW)
    assert again == replace(first, replayed=True)


@pytest.mark.parametrize("percent", ["-1", "101", "NaN", "1.001"])
def test_what_is_no_discount_is_refused(shop, goods, percent):
    with pytest.raises(InvalidSaleError):
        sell(shop, goods, 1, "1.00", discount_percent=Decimal(percent))


def test_a_sale_is_paid_in_several_ways(shop, goods):
    buyer = add_buyer(credit_limit=Decimal(4))
    with atomic():
        credit_wallet(buyer, Decimal(30), "Top-up", actor=shop.actor, now=NOW)
        post_points(buyer, PointsChange("earn", 1000), now=NOW)
    tenders = (
        Tender("cash", Decimal("5.00")),
        Tender("card", Decimal("6.00"), "0042"),
        Tender("wallet", Decimal("3.00")),
        Tender("points", Decimal("2.00")),
        Tender("credit", Decimal("4.00")),
    )
    order = sell(shop, goods, 2, "20.00", tenders=tenders, customer_id=buyer)
    kept = {one.method: (one.amount, one.transaction_id) for one in order.payments}
    assert kept == {
        "cash": (Decimal("5.00"), None),
        "card": (Decimal("6.00"), "0042"),
        "wallet": (Decimal("3.00"), None),
        "points": (Decimal("2.00"), None),
        "credit": (Decimal("4.00"), None),
    }
    assert (order.payment_status, order.cash_rounding) == ("partially_paid", 0)
    assert wallet_balance(buyer) == Decimal("27.00")
    assert balance_of(buyer) < 1000


@pytest.mark.parametrize(
    ("tenders", "error"),
    [
        ((Tender("card", Decimal("9.99"), "1"),), NotPaidError),
        ((Tender("card", Decimal("10.01"), "1"),), OverpaidError),
        ((Tender("card", Decimal("10.00")),), PaymentError),
        ((Tender("magic", Decimal("10.00")),), PaymentError),
        ((Tender("wallet", Decimal("10.00")),), InsufficientWalletError),
        ((Tender("credit", Decimal("10.00")),), CreditLimitError),
        ((Tender("cash", Decimal("1.001")),), PaymentError),
        ((), NotEnoughCashError),
    ],
)
def test_what_does_not_pay_sells_nothing(shop, goods, tenders, error):
    buyer = add_buyer()
    before = on_hand(shop.location, goods)
    with pytest.raises(error):
        sell(shop, goods, 1, "10.00", tenders=tenders, customer_id=buyer)
    assert on_hand(shop.location, goods) == before
    assert session().scalar(sa.select(sa.func.count()).select_from(OrderPayment)) == 0


def test_the_till_and_the_checkout_get_the_same_figures(shop, goods):
    add_promotion("buy_x_get_y", "100", buy=2, get=1)
    cart = Cart(shop.location, (SaleLine(goods, 4, Decimal(10)),))
    priced = price_cart(cart, now=NOW)
    assert priced.totals.total == Decimal("27.00")
    (line,) = priced.lines
    assert line.why == (("buy_x_get_y 100", Decimal("10.00")),)
    assert line.by_hand == Decimal("3.00")
    order = sell(shop, goods, 4, "27.00", lines=cart.lines, actor=limited(shop.actor, 10))
    assert order.discount_total == Decimal("13.00")

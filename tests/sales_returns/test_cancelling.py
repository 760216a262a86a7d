"""An order is given up: stock, coupons, money and points are as before."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.domain.tenders import Tender
from app.services.identity.approve_with_pin import Approval
from app.services.inventory.reserve_stock import ReservedLine, ReserveStock, reserve_stock
from app.services.sales.cancel_order import RIGHT, CancelOrder, cancel_order
from app.services.sales.errors import (
    ApprovalRequiredError,
    TransitionForbiddenError,
    TransitionNotAllowedError,
)
from app.services.sales.refund_order import LIMIT
from app.services.sales.return_errors import (
    InvalidReturnError,
    NotRefundedError,
    RefundNotAllowedError,
)
from models.inventory import InventoryStock
from models.sales import Coupon, Order, OrderItem, OrderPayment, OrderPromotion, OrderReturn
from tests.rows import make_row
from tests.sales_returns.counter import LATER, acting, moved, open_counter, order_of, wrong_books
from tests.services.shop import NOW, add_variant, cashier, new_key, receive

CARD = Tender("card", Decimal("20.00"), "R-9")


@pytest.fixture
def shop(db_session):
    return open_counter()


@pytest.fixture
def order(shop) -> Order:
    """Two pieces at S/ 10.00 by web, confirmed, reserved, paid by card, with a coupon."""
    variant = add_variant("10.00")
    receive(shop.location, {variant: 5})
    with atomic() as current:
        row = Order(
            order_number=f"WEB-{new_key()[:8]}", location_id=shop.location, channel="web",
            status="confirmed", payment_status="paid", subtotal=20, grand_total=20, created_at=NOW,
            items=[OrderItem(variant_id=variant, sku="A", description="A", quantity=2,
                             unit_price=Decimal(10))],
        )  # fmt: skip
        current.add(row)
        current.flush()
        key = row.id
        current.add(
            OrderPayment(order_id=key, method="card", amount=20, status="completed",
                         transaction_id="1", idempotency_key=new_key(), processed_at=NOW)
        )  # fmt: skip
        coupon = make_row(Coupon, used_count=1)
        make_row(OrderPromotion, order_id=key, coupon_id=coupon.id, amount_discounted=0)
    lines = (ReservedLine(variant, 2),)
    reserve_stock(
        ReserveStock(new_key(), shop.location, f"order:{key}", lines, order_id=key),
        actor=shop.actor, now=NOW,
    )  # fmt: skip
    return order_of(key)


def cancel(shop, order: Order, *refunds: Tender, actor=None, **given):
    command = CancelOrder(
        key=new_key(),
        order_id=order.id,
        reason="Not wanted",
        refunds=refunds,
        **given,
    )
    done = cancel_order(command, actor=actor or shop.actor, now=LATER)
    session().expire_all()
    return done


def test_everything_is_as_before(shop, order):
    done = cancel(shop, order, CARD)
    order = order_of(order.id)
    assert (order.status, order.payment_status) == ("cancelled", "refunded")
    assert {item.status for item in order.items} == {"cancelled"}
    assert moved(order) == {}
    row = session().get_one(OrderReturn, done.refund.return_id)
    assert (row.kind, row.amount, row.items) == ("cancellation", Decimal("20.00"), [])
    stock = session().scalars(sa.select(InventoryStock)).one()
    assert (stock.quantity_on_hand, stock.quantity_reserved) == (5, 0)
    assert session().scalar(sa.select(Coupon.used_count)) == 0
    assert wrong_books() == {}


def test_the_same_key_cancels_once(shop, order):
    key = new_key()
    first = cancel_order(
        CancelOrder(key, order.id, "Not wanted", (CARD,)), actor=shop.actor, now=LATER
    )
    again = cancel_order(
        CancelOrder(key, order.id, "Not wanted", (CARD,)), actor=shop.actor, now=LATER
    )
    assert again.refund == replace(first.refund, replayed=True)
    with pytest.raises(TransitionNotAllowedError):
        cancel(shop, order)


def test_an_unpaid_order_is_cancelled_without_a_refund(shop, order):
    with atomic() as current:
        current.execute(sa.delete(OrderPayment))
        current.execute(sa.update(Order).values(payment_status="unpaid"))
    assert cancel(shop, order).refund is None
    assert session().scalar(sa.select(sa.func.count()).select_from(OrderReturn)) == 0
    assert wrong_books() == {}


@pytest.mark.parametrize(
    ("refunds", "given", "error"),
    [
        ((), {}, NotRefundedError),
        ((replace(CARD, amount=Decimal("19.99")),), {}, NotRefundedError),
        ((CARD,), {"limit": 19}, RefundNotAllowedError),
        ((CARD,), {"rights": frozenset()}, TransitionForbiddenError),
    ],
)
def test_a_refusal_changes_nothing(shop, order, refunds, given, error):
    with pytest.raises(error):
        cancel(shop, order, *refunds, actor=acting(shop.actor, **given))
    assert order_of(order.id).status == "confirmed"
    assert session().scalar(sa.select(InventoryStock.quantity_reserved)) == 2
    assert session().scalar(sa.select(Coupon.used_count)) == 1


def test_a_reason_is_needed(shop, order):
    with pytest.raises(InvalidReturnError) as refused:
        cancel_order(CancelOrder(new_key(), order.id, " ", (CARD,)), actor=shop.actor, now=LATER)
    assert "reason" in refused.value.fields


def test_goods_that_have_left_are_returned_and_not_cancelled(shop, order):
    with atomic() as current:
        current.execute(sa.update(Order).values(status="shipped"))
    with pytest.raises(TransitionNotAllowedError):
        cancel(shop, order, CARD)


def test_a_step_that_wants_an_approval_takes_that_of_a_supervisor(shop, order):
    with atomic() as current:
        current.execute(sa.update(Order).values(status="picking"))
    with pytest.raises(ApprovalRequiredError):
        cancel(shop, order, CARD)
    supervisor = cashier("manager")
    approval = Approval(supervisor.user_id, "Sonia Supervisor", RIGHT, LIMIT, None)
    with pytest.raises(ApprovalRequiredError):  # nobody approves what they ask for
        cancel(shop, order, CARD, approval=replace(approval, approver_id=shop.actor.user_id))
    done = cancel(shop, order, CARD, approval=approval)
    row = session().get_one(OrderReturn, done.refund.return_id)
    assert row.approved_by == supervisor.user_id

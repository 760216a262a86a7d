"""Coupons are counted when the sale is made, and given back when the order is cancelled."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.db import session
from app.services.sales.errors import CouponError
from models.sales import Coupon, Order, OrderPromotion

NOT_USED = ("draft", "cancelled")


def use_coupon(coupon_id: int, code: str, customer_id: int | None, *, now: dt.datetime) -> None:
    """Count a use, for the sale of this transaction.

    Locks the coupon until the transaction ends, so neither all uses together nor those of one
    customer are ever more than allowed. Raises :class:`CouponError`.
    """
    row = Coupon
    counted = (
        session()
        .execute(
            sa.update(row)
            .where(
                row.id == coupon_id,
                sa.or_(row.max_uses.is_(None), row.used_count < row.max_uses),
                sa.or_(row.expires_at.is_(None), row.expires_at > now),
            )
            .values(used_count=row.used_count + 1)
            .returning(row.max_uses_per_customer)
            .execution_options(synchronize_session=False)
        )
        .one_or_none()
    )
    if counted is None:
        raise CouponError(code, "used_up")
    (most,) = counted
    if most is None:
        return
    if customer_id is None:
        raise CouponError(code, "customer")
    if _uses_of(coupon_id, customer_id) >= most:
        raise CouponError(code, "used_by_customer")


def give_back_coupons(order_id: int) -> None:
    """The order's coupons may be used once more; the caller has locked the order."""
    used = sa.select(OrderPromotion.coupon_id).where(
        OrderPromotion.order_id == order_id, OrderPromotion.coupon_id.is_not(None)
    )
    session().execute(
        sa.update(Coupon)
        .where(Coupon.id.in_(used), Coupon.used_count > 0)
        .values(used_count=Coupon.used_count - 1)
        .execution_options(synchronize_session=False)
    )


def _uses_of(coupon_id: int, customer_id: int) -> int:
    found = session().scalar(
        sa.select(sa.func.count())
        .select_from(OrderPromotion)
        .join(Order, Order.id == OrderPromotion.order_id)
        .where(
            OrderPromotion.coupon_id == coupon_id,
            Order.customer_id == customer_id,
            Order.status.not_in(NOT_USED),
        )
    )
    return found or 0

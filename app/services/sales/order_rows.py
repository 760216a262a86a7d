"""The rows that a priced cart becomes: lines with what they used, promotions, uses of coupons."""

from __future__ import annotations

import datetime as dt

from app.services.sales.price_cart import Cart, PricedCart
from app.services.sales.use_coupon import use_coupon
from models.sales import OrderItem, OrderPromotion


def items_of(priced: PricedCart) -> list[OrderItem]:
    """The lines of the order, in the order of the cart."""
    return [
        OrderItem(
            variant_id=line.variant.variant_id,
            sku=line.variant.sku,
            description=line.variant.name,
            quantity=line.quantity,
            unit_price=line.variant.unit_price,
            discount_amount=line.discount,
            tax_code=line.variant.tax_code,
            tax_rate=split.rate,
            tax_amount=split.tax,
        )
        for line, split in zip(priced.lines, priced.totals.lines, strict=True)
    ]


def promotions_of(priced: PricedCart) -> list[OrderPromotion]:
    """What each promotion took off."""
    return [
        OrderPromotion(
            promotion_id=applied.offer.id,
            coupon_id=applied.offer.coupon_id,
            amount_discounted=applied.total,
        )
        for applied in priced.applied
    ]


def use_coupons(priced: PricedCart, cart: Cart, now: dt.datetime) -> None:
    """Count the coupon that took something off, before the order is added; locks it."""
    for applied in priced.applied:
        if applied.offer.coupon_id is not None:
            code = cart.coupon.strip().upper()
            use_coupon(applied.offer.coupon_id, code, cart.customer_id, now=now)

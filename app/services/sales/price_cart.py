"""What a cart costs: prices of today, promotions, a coupon, and discounts given by hand.

The till asks it while the cart is filled and the checkout once more: both get the same figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import sqlalchemy as sa

from app.db import session
from app.domain.discounts import ByHand, discounts_by_hand
from app.domain.money import ZERO, line_total
from app.domain.promotions import cart as promotions
from app.domain.promotions.engine import apply_promotions, explain_line
from app.domain.sale import LineToPrice, SaleRules, SaleTotals, price_sale
from app.i18n import lazy_gettext as _
from app.services.platform.business_time import local_time
from app.services.platform.read_setting import read_setting
from app.services.sales.errors import CouponError, InvalidSaleError
from app.services.sales.live_offers import Offers, live_offers
from app.services.sales.price_list import PricedVariant, categories_above, read_prices
from app.services.sales.quoted_prices import Quoted, quoted_prices
from models.customers import Customer
from models.sales import Order

HUNDRED = Decimal(100)
MOST_LINES = 500
MOST_PIECES = 100_000


@dataclass(frozen=True, slots=True)
class SaleLine:
    """``discount_percent`` is given by hand, on what the promotions leave."""

    variant_id: int
    quantity: int
    discount_percent: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Cart:
    """``discount_percent`` is given by hand on the whole; ``coupon`` is a code, "" for none;
    ``quotation_id`` is what the cart was quoted as; ``shipping`` is what the delivery costs, IGV
    included."""

    location_id: int
    lines: tuple[SaleLine, ...]
    customer_id: int | None = None
    coupon: str = ""
    discount_percent: Decimal = ZERO
    channel: str = "pos"
    quotation_id: int | None = None
    shipping: Decimal = ZERO

    @property
    def pieces(self) -> dict[int, int]:
        """By variant; a variant may come in several lines."""
        wanted: dict[int, int] = {}
        for line in self.lines:
            wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
        return wanted

    @property
    def by_hand(self) -> ByHand:
        return ByHand(tuple(line.discount_percent for line in self.lines), self.discount_percent)


@dataclass(frozen=True, slots=True)
class PricedLine:
    """``why`` are (promotion, what it took off); ``by_hand`` is what a person took off."""

    variant: PricedVariant
    quantity: int
    why: tuple[tuple[str, Decimal], ...]
    by_hand: Decimal

    @property
    def discount(self) -> Decimal:
        return sum((amount for _name, amount in self.why), self.by_hand)


@dataclass(frozen=True, slots=True)
class PricedCart:
    """``applied`` are the promotions that took something off, in their order. ``shipping`` is what
    they leave of the delivery; ``totals`` are of the goods alone. ``quotation`` is the number of
    the one whose prices are kept, "" when they are today's."""

    lines: tuple[PricedLine, ...]
    applied: tuple[promotions.Applied, ...]
    totals: SaleTotals
    shipping: Decimal = ZERO
    skipped: tuple[promotions.Skipped, ...] = ()
    quotation: str = ""

    @property
    def to_pay(self) -> Decimal:
        return self.totals.total + self.shipping


def check_cart(cart: Cart) -> None:
    """Raise :class:`InvalidSaleError` for a cart that makes no sense."""
    if not cart.lines:
        raise InvalidSaleError(_("There is nothing in the cart."))
    if len(cart.lines) > MOST_LINES:
        raise InvalidSaleError(_("A sale has %(count)s lines at most.", count=MOST_LINES))
    if any(not 1 <= line.quantity <= MOST_PIECES for line in cart.lines):
        raise InvalidSaleError(
            _("Quantities are whole numbers from 1 to %(most)s.", most=MOST_PIECES)
        )
    by_hand = cart.by_hand
    if any(not _is_percent(part) for part in (*by_hand.lines, by_hand.sale)):
        raise InvalidSaleError(_("A discount is a percentage from 0 to 100, two decimals at most."))


def price_cart(cart: Cart, *, now: dt.datetime) -> PricedCart:
    """Price the cart at ``now``, which :func:`check_cart` has let pass.

    A cart that is exactly what was quoted costs what was promised, while the quotation holds. Two
    statements and what the promotions ask for: one more for categories, for the customer, for the
    coupon, for the quotation. Locks nothing. Raises
    :class:`~app.services.sales.errors.UnsellableLinesError` with all such lines, and
    :class:`CouponError` for a coupon that takes nothing off.
    """
    if (quoted := _quoted(cart, now)) is not None:
        return _as_promised(cart, read_prices(cart.pieces), quoted)
    return price_with(cart, live_offers(now, cart.coupon), now=now)


def price_with(cart: Cart, offers: Offers, *, now: dt.datetime) -> PricedCart:
    """Price the cart with these promotions, as :func:`price_cart` does with those in use."""
    variants = read_prices(cart.pieces)
    outcome = apply_promotions(_for_the_engine(cart, variants, offers, now), offers.live)
    if offers.coupon is not None:
        _require_use(cart, offers.coupon.id, outcome)
    left = [
        line_total(line.quantity, variants[line.variant_id].unit_price) - outcome.discounts[n]
        for n, line in enumerate(cart.lines)
    ]
    by_hand = discounts_by_hand(left, cart.by_hand)
    lines = tuple(
        PricedLine(
            variants[line.variant_id],
            line.quantity,
            tuple((offer.name, amount) for offer, amount in explain_line(outcome, n)),
            by_hand[n],
        )
        for n, line in enumerate(cart.lines)
    )
    shipping = cart.shipping - outcome.shipping_discount
    return PricedCart(lines, outcome.applied, _totals(lines), shipping, outcome.skipped)


def _quoted(cart: Cart, now: dt.datetime) -> Quoted | None:
    if cart.quotation_id is None or cart.coupon:
        return None
    return quoted_prices(cart.quotation_id, cart.lines, cart.discount_percent, now=now)


def _as_promised(cart: Cart, variants: dict[int, PricedVariant], quoted: Quoted) -> PricedCart:
    lines = tuple(
        PricedLine(
            replace(variants[line.variant_id], unit_price=promised.unit_price),
            line.quantity,
            promised.why,
            promised.by_hand,
        )
        for line, promised in zip(cart.lines, quoted.lines, strict=True)
    )
    return PricedCart(lines, (), _totals(lines), cart.shipping, quotation=quoted.number)


def _totals(lines: Sequence[PricedLine]) -> SaleTotals:
    rules = SaleRules(igv=read_setting("tax.igv_rate"), coin=read_setting("sales.cash_rounding"))
    to_price = [
        LineToPrice(one.quantity, one.variant.unit_price, one.variant.tax_code, one.discount)
        for one in lines
    ]
    return price_sale(to_price, rules)


def _for_the_engine(
    cart: Cart, variants: dict[int, PricedVariant], offers: Offers, now: dt.datetime
) -> promotions.Cart:
    conditions = [offer.conditions for offer in offers.live]
    goods = [part for one in conditions for part in (one.goods, *(c.goods for c in one.bundle))]
    above = (
        categories_above({v.category_id for v in variants.values() if v.category_id})
        if any(part.categories for part in goods)
        else {}
    )
    asks_who = any(one.segments or one.first_purchase for one in conditions)
    segment, first = _customer(cart.customer_id) if asks_who and cart.customer_id else (None, False)
    return promotions.Cart(
        lines=tuple(
            promotions.CartLine(
                n,
                variant.variant_id,
                variant.product_id,
                line.quantity,
                variant.unit_price,
                above.get(variant.category_id or 0, frozenset()),
                variant.brand_id,
            )
            for n, line in enumerate(cart.lines)
            if (variant := variants[line.variant_id])
        ),
        moment=local_time(now),
        channel=cart.channel,
        location_id=cart.location_id,
        segment=segment,
        first_purchase=first,
        shipping=cart.shipping,
    )


def _customer(customer_id: int) -> tuple[str | None, bool]:
    """(segment, whether nothing was bought before)."""
    bought = sa.exists().where(
        Order.customer_id == customer_id,
        Order.status.not_in(("draft", "cancelled")),
        Order.deleted_at.is_(None),
    )
    found = (
        session()
        .execute(sa.select(Customer.segment, ~bought).where(Customer.id == customer_id))
        .one_or_none()
    )
    return (found[0], found[1]) if found is not None else (None, False)


def _require_use(cart: Cart, promotion_id: int, outcome: promotions.Outcome) -> None:
    skipped = {one.offer.id: one.reason for one in outcome.skipped}
    if (reason := skipped.get(promotion_id)) is None:
        return
    if reason in ("segment", "first_purchase") and cart.customer_id is None:
        reason = "customer"
    raise CouponError(cart.coupon.strip().upper(), reason)


def _is_percent(part: Decimal) -> bool:
    return part.is_finite() and 0 <= part <= HUNDRED and part == part.quantize(Decimal("0.01"))

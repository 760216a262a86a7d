"""Which promotions apply to a cart, in which order, and what each takes off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.domain.money import ZERO
from app.domain.promotions.cart import Applied, Cart, CartLine, Offer, Outcome, Skipped
from app.domain.promotions.conditions import Conditions
from app.domain.promotions.effects import EFFECTS, cap, in_order

REASONS = (
    "coupon",  # starts with a coupon only
    "channel",
    "location",
    "segment",
    "first_purchase",
    "weekday",
    "hours",
    "goods",  # nothing in the cart that it is for
    "min_quantity",
    "min_amount",
    "exclusive",  # an exclusive one, or others before an exclusive one, applied
    "nothing",  # it took nothing off: too few pieces, or nothing left to pay
)
"""Why a promotion doesn't apply, in the order in which it is asked."""


def apply_promotions(cart: Cart, offers: Iterable[Offer]) -> Outcome:
    """Apply the offers by priority and then by id.

    Guaranteed: no line and no total goes below zero; every discount has two decimals; the sum of
    the lines' discounts and of the promotions' is the same; the order of lines and of offers makes
    no difference. Raises KeyError for a type that doesn't exist.
    """
    run = _Run(cart)
    for offer in sorted(offers, key=lambda offer: (offer.priority, offer.id)):
        run.consider(offer)
    return run.outcome()


def reason_against(cart: Cart, offer: Offer) -> str | None:
    """Why the circumstances speak against the offer, None when they don't; goods aside."""
    wanted = offer.conditions
    asked = (
        ("coupon", wanted.coupon and offer.coupon_id is None),
        ("channel", bool(wanted.channels) and cart.channel not in wanted.channels),
        ("location", bool(wanted.locations) and cart.location_id not in wanted.locations),
        ("segment", bool(wanted.segments) and cart.segment not in wanted.segments),
        ("first_purchase", wanted.first_purchase and not cart.first_purchase),
        ("weekday", bool(wanted.weekdays) and cart.moment.isoweekday() not in wanted.weekdays),
        ("hours", not _in_hours(wanted.hours, cart.moment.time())),
    )
    return next((reason for reason, against in asked if against), None)


def _in_hours(periods: Sequence[tuple[dt.time, dt.time]], now: dt.time) -> bool:
    return not periods or any(
        start <= now < end if start < end else (now >= start or now < end) for start, end in periods
    )


class _Run:
    """What is left to pay while offer after offer is considered."""

    def __init__(self, cart: Cart) -> None:
        self.cart = cart
        self.lines = in_order(cart.lines)
        self.left = {line.key: line.total for line in self.lines}
        self.shipping = cart.shipping
        self.closed: set[int] = set()
        self.applied: list[Applied] = []
        self.skipped: list[Skipped] = []

    def consider(self, offer: Offer) -> None:
        lines = self._lines_for(offer)
        reason = reason_against(self.cart, offer) or self._against(offer, lines)
        if reason is None:
            applied = self._effect(offer, lines)
            if applied.total:
                self._take(applied)
                return
            reason = "nothing"
        self.skipped.append(Skipped(offer, reason))

    def outcome(self) -> Outcome:
        return Outcome(
            discounts={line.key: line.total - self.left[line.key] for line in self.cart.lines},
            shipping_discount=self.cart.shipping - self.shipping,
            applied=tuple(self.applied),
            skipped=tuple(self.skipped),
        )

    def _lines_for(self, offer: Offer) -> list[CartLine]:
        """What the offer is for: a bundle's goods are those of its components."""
        wanted = offer.conditions
        lines = [line for line in self.lines if line.among(wanted.goods)]
        if wanted.bundle:
            parts = [component.goods for component in wanted.bundle]
            lines = [line for line in lines if any(line.among(goods) for goods in parts)]
        return lines

    def _against(self, offer: Offer, lines: list[CartLine]) -> str | None:
        wanted = offer.conditions
        if not lines:
            return "goods"
        if wanted.min_quantity and sum(line.quantity for line in lines) < wanted.min_quantity:
            return "min_quantity"
        if wanted.min_amount and sum((line.total for line in lines), ZERO) < wanted.min_amount:
            return "min_amount"
        before = [applied.offer.conditions for applied in self.applied]
        if before and (wanted.exclusive or any(other.exclusive for other in before)):
            return "exclusive"
        return None

    def _effect(self, offer: Offer, lines: list[CartLine]) -> Applied:
        wanted = offer.conditions
        if offer.kind == "free_shipping":
            most = wanted.max_discount
            return Applied(offer, {}, self.shipping if most is None else min(self.shipping, most))
        open_lines = [line for line in lines if self._is_open(line, wanted)]
        found = EFFECTS[offer.kind](offer, open_lines, self.left)
        capped = cap(found, wanted.max_discount)
        return Applied(offer, {key: amount for key, amount in capped.items() if amount})

    def _is_open(self, line: CartLine, wanted: Conditions) -> bool:
        if line.key in self.closed:
            return False
        return wanted.stackable or self.left[line.key] == line.total

    def _take(self, applied: Applied) -> None:
        for key, amount in applied.lines.items():
            self.left[key] -= amount
        self.shipping -= applied.shipping
        if not applied.offer.conditions.stackable:
            self.closed |= applied.lines.keys()
        self.applied.append(applied)


def explain_line(outcome: Outcome, key: int) -> tuple[tuple[Offer, Decimal], ...]:
    """Why a line costs what it costs: each promotion that took something off, in its order."""
    return tuple(
        (applied.offer, applied.lines[key]) for applied in outcome.applied if key in applied.lines
    )

"""What a promotion would do to a cart before anybody gets it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.actor import Actor
from app.domain.promotions.cart import Offer
from app.domain.promotions.conditions import ConditionsError, read_conditions
from app.i18n import lazy_gettext as _
from app.services.sales.errors import InvalidSaleError
from app.services.sales.live_offers import Offers, live_offers
from app.services.sales.price_cart import Cart, PricedCart, check_cart, price_with

UNSAVED = 0
TYPED = 0
"""The key of no coupon: one that starts by a coupon is tried as if one had been typed."""


@dataclass(frozen=True, slots=True)
class TryPromotion:
    """A promotion as it is typed; ``promotion_id`` is the saved one that it replaces. ``moment`` is
    when it is tried, None for now."""

    cart: Cart
    name: str
    kind: str
    value: Decimal
    priority: int
    conditions: dict[str, Any]
    promotion_id: int | None = None
    moment: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class TriedPromotion:
    """``taken`` is what the promotion itself takes off; ``reason`` says why nothing, as one of
    ``app.domain.promotions.engine.REASONS``."""

    priced: PricedCart
    taken: Decimal
    reason: str


def try_promotion(command: TryPromotion, *, actor: Actor, now: dt.datetime) -> TriedPromotion:
    """Price the cart with the promotion beside those in use; nothing is written or locked.

    Raises :class:`InvalidSaleError` for conditions that can't be used, and
    :class:`~app.services.sales.errors.UnsellableLinesError`.
    """
    del actor  # whoever writes promotions may try them
    check_cart(command.cart)
    moment = command.moment or now
    draft = _offer(command)
    others = tuple(one for one in live_offers(moment).live if one.id != draft.id)
    # A coupon must take something off; here it is told when it doesn't.
    cart = replace(command.cart, coupon="")
    priced = price_with(cart, Offers((*others, draft)), now=moment)
    taken = [one.total for one in priced.applied if one.offer.id == draft.id]
    reasons = [one.reason for one in priced.skipped if one.offer.id == draft.id]
    return TriedPromotion(priced, sum(taken, Decimal(0)), next(iter(reasons), ""))


def _offer(command: TryPromotion) -> Offer:
    try:
        conditions = read_conditions(command.conditions, command.kind)
    except ConditionsError as error:
        why = "; ".join(error.args)
        raise InvalidSaleError(_("These conditions can't be used: %(why)s.", why=why)) from None
    return Offer(
        command.promotion_id or UNSAVED,
        command.name,
        command.kind,
        command.value,
        command.priority,
        conditions,
        TYPED if conditions.coupon else None,
    )

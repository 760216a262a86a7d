"""The promotions that might apply to a sale now, as the engine takes them."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
import structlog

from app.db import session
from app.domain.promotions.cart import Offer
from app.domain.promotions.conditions import Conditions, ConditionsError, read_conditions
from app.services.sales.errors import CouponError
from models.sales import Coupon, Promotion

log = structlog.get_logger(__name__)
LONGEST_CODE = 64
COLUMNS = (
    Promotion.id,
    Promotion.name,
    Promotion.type,
    Promotion.value,
    Promotion.priority,
    sa.cast(Promotion.conditions, sa.Text).label("conditions"),
)


@dataclass(frozen=True, slots=True)
class Offers:
    """``coupon`` is the offer that the coupon started."""

    live: tuple[Offer, ...]
    coupon: Offer | None = None


def live_offers(now: dt.datetime, code: str = "") -> Offers:
    """Promotions in use at ``now``, and the one of the coupon; one statement, one more for a code.

    Raises :class:`CouponError` for a code that starts nothing now. A promotion whose conditions
    can't be read is left out and logged: it doesn't keep anybody from selling.
    """
    coupon = _offer_of(code, now) if code.strip() else None
    found = session().execute(
        sa.select(*COLUMNS).where(_is_live(now)).order_by(Promotion.priority, Promotion.id)
    )
    offers = [offer for row in found if (offer := _offer(row)) is not None]
    if coupon is not None:
        offers = [coupon if offer.id == coupon.id else offer for offer in offers]
    return Offers(tuple(offers), coupon)


def _offer_of(code: str, now: dt.datetime) -> Offer:
    wanted = code.strip().upper()
    row = (
        session()
        .execute(
            sa.select(
                Coupon.id.label("coupon_id"),
                sa.func.coalesce(Coupon.expires_at <= now, sa.false()).label("expired"),
                sa.func.coalesce(Coupon.used_count >= Coupon.max_uses, sa.false()).label("used_up"),
                _is_live(now).label("live"),
                *COLUMNS,
            )
            .join(Promotion, Promotion.id == Coupon.promotion_id)
            .where(Coupon.code == wanted[:LONGEST_CODE])
        )
        .one_or_none()
    )
    if row is None or (offer := _offer(row, row.coupon_id)) is None:
        raise CouponError(wanted, "unknown")
    if row.expired or not row.live:
        raise CouponError(wanted, "expired")
    if row.used_up:
        raise CouponError(wanted, "used_up")
    return offer


def _is_live(now: dt.datetime) -> sa.ColumnElement[bool]:
    row = Promotion
    ends_later = sa.or_(row.end_date.is_(None), row.end_date > now)
    return sa.and_(row.is_active, row.deleted_at.is_(None), row.start_date <= now, ends_later)


def _offer(row: Any, coupon_id: int | None = None) -> Offer | None:
    read = _read(row.type, row.conditions)
    if read is None:
        log.warning("conditions of a promotion can't be read", promotion=row.id)
        return None
    return Offer(row.id, row.name, row.type, row.value, row.priority, read, coupon_id)


@lru_cache(maxsize=1000)
def _read(kind: str, conditions: str) -> Conditions | None:
    """Checking against the schema takes longer than the whole engine: once per text."""
    try:
        return read_conditions(json.loads(conditions), kind)
    except ConditionsError:
        return None

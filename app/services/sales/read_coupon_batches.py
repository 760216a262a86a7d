"""The batches of coupons with what became of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.db import session
from app.session import INCLUDE_DELETED
from models.sales import Coupon, Promotion

SHOWN = 100


@dataclass(frozen=True, slots=True)
class CouponBatch:
    """``uses`` are of all coupons together, ``valid`` the coupons that can still be used."""

    name: str
    promotion_id: int
    promotion: str
    coupons: int
    used: int
    uses: int
    valid: int
    expires_at: dt.datetime | None


def read_coupon_batches(now: dt.datetime) -> Sequence[CouponBatch]:
    """The latest hundred, the latest first; one statement."""
    row = Coupon
    lives = sa.or_(row.expires_at.is_(None), row.expires_at > now)
    has_uses = sa.or_(row.max_uses.is_(None), row.used_count < row.max_uses)
    counted = (
        sa.select(
            row.batch,
            row.promotion_id,
            sa.func.count().label("coupons"),
            sa.func.count().filter(row.used_count > 0).label("used"),
            sa.func.sum(row.used_count).label("uses"),
            sa.func.count().filter(sa.and_(lives, has_uses)).label("valid"),
            sa.func.max(row.expires_at).label("expires_at"),
            sa.func.max(row.id).label("latest"),
        )
        .where(row.batch.is_not(None))
        .group_by(row.batch, row.promotion_id)
        .subquery()
    )
    found = session().execute(
        sa.select(
            counted.c.batch,
            counted.c.promotion_id,
            Promotion.name,
            counted.c.coupons,
            counted.c.used,
            counted.c.uses,
            counted.c.valid,
            counted.c.expires_at,
        )
        .join(Promotion, Promotion.id == counted.c.promotion_id)
        .order_by(counted.c.latest.desc())
        .limit(SHOWN),
        execution_options=INCLUDE_DELETED,
    )
    return [CouponBatch(*values) for values in found]

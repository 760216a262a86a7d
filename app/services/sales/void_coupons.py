"""A batch of coupons stops working."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.services.sales.coupon_errors import BatchNotFoundError
from models.sales import Coupon


@dataclass(frozen=True, slots=True)
class VoidCoupons:
    batch: str


def void_coupons(command: VoidCoupons, *, actor: Actor, now: dt.datetime) -> int:
    """End the validity of all coupons of the batch now; gives how many were still valid.

    One statement; a sale under way with one of them wins or is refused. Orders that used one keep
    what it took off. Doing it again ends nothing more. Raises :class:`BatchNotFoundError`.
    """
    del actor  # the audit log knows
    row = Coupon
    with atomic():
        ended = session().execute(
            sa.update(row)
            .where(
                row.batch == command.batch,
                sa.or_(row.expires_at.is_(None), row.expires_at > now),
            )
            .values(expires_at=now)
            .execution_options(synchronize_session=False)
        )
        known = sa.select(row.id).where(row.batch == command.batch).limit(1)
        if session().scalar(known) is None:
            raise BatchNotFoundError(command.batch)
    return int(ended.rowcount)  # type: ignore[attr-defined]

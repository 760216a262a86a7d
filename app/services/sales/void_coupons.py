"""A batch of coupons stops working."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.services.sales.coupon_errors import BatchNotFoundError
from models.sales import Coupon

CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class VoidCoupons:
    batch: str


def void_coupons(command: VoidCoupons, *, actor: Actor, now: dt.datetime) -> int:
    """End the validity of all coupons of the batch now; gives how many were still valid.

    One transaction, a statement for every ten thousand; a sale under way with one of them wins or
    is refused. Orders that used one keep what it took off. Doing it again ends nothing more. Locks
    the coupons in the order of their keys. Raises :class:`BatchNotFoundError`.
    """
    del actor  # the audit log knows
    ended = 0
    with atomic():
        while count := _end_some(command.batch, now):
            ended += count
        known = sa.select(Coupon.id).where(Coupon.batch == command.batch).limit(1)
        if session().scalar(known) is None:
            raise BatchNotFoundError(command.batch)
    return ended


def _end_some(batch: str, now: dt.datetime) -> int:
    row = Coupon
    valid = (
        sa.select(row.id)
        .where(row.batch == batch, sa.or_(row.expires_at.is_(None), row.expires_at > now))
        .order_by(row.id)
        .limit(CHUNK)
        .with_for_update()
    )
    ended = session().execute(
        sa.update(row)
        .where(row.id.in_(valid))
        .values(expires_at=now)
        .returning(row.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())

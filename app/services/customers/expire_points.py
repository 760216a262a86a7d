"""Points that nobody used in time are lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.db import atomic, session
from app.services.platform.read_setting import read_setting
from models.customers import LoyaltyAccount, LoyaltyMovement

BATCH = 500


def expire_points(*, now: dt.datetime) -> int:
    """Take the points that came ``loyalty.expiry_months`` months ago or earlier and weren't used
    since; tells how many. 0 months: none ever expire.

    First in, first out: whatever takes points takes the oldest there are, so what is left of the
    old ones is what came by then less all that went since the beginning. Accounts go in batches by
    key, a transaction each; one that somebody works with is left for the next time. Safe to repeat.
    """
    months = read_setting("loyalty.expiry_months")
    if not months:
        return 0
    expired, after = 0, 0
    while True:
        with atomic():
            accounts = _lock_next(after)
            expired += _expire(accounts, months, now)
        if len(accounts) < BATCH:
            return expired
        after = accounts[-1]


def _lock_next(after: int) -> list[int]:
    row = LoyaltyAccount
    following = sa.select(row.id).where(row.id > after, row.points_balance > 0)
    locked = following.order_by(row.id).limit(BATCH).with_for_update(skip_locked=True)
    return list(session().scalars(locked))


def _expire(accounts: list[int], months: int, now: dt.datetime) -> int:
    """The ledger is read after the accounts were locked, in one statement with what it leads to."""
    due = _due(accounts, months, now).cte("due")
    row = LoyaltyMovement
    written = (
        sa.insert(row)
        .from_select(
            ["loyalty_account_id", "type", "points", "created_at"],
            sa.select(
                due.c.account,
                sa.literal("expire"),
                -due.c.points,
                sa.literal(now, sa.DateTime(timezone=True)),
            ),
        )
        .cte("written")
    )
    settled = session().execute(
        sa.update(LoyaltyAccount)
        .where(LoyaltyAccount.id == due.c.account)
        .values(points_balance=LoyaltyAccount.points_balance - due.c.points, last_movement_at=now)
        .returning(due.c.points)
        .add_cte(written)
        .execution_options(synchronize_session=False)
    )
    return sum(settled.scalars())


def _due(accounts: list[int], months: int, now: dt.datetime) -> Any:
    """(account, points) where something expires."""
    row = LoyaltyMovement
    moment = sa.literal(now, sa.DateTime(timezone=True))
    cutoff = moment - sa.func.make_interval(0, months)
    came_by_then = sa.func.sum(row.points).filter(row.points > 0, row.created_at <= cutoff)
    went = sa.func.coalesce(sa.func.sum(-row.points).filter(row.points < 0), 0)
    left = sa.cast(came_by_then - went, sa.Integer)
    return (
        sa.select(row.loyalty_account_id.label("account"), left.label("points"))
        .where(row.loyalty_account_id.in_(accounts))
        .group_by(row.loyalty_account_id)
        .having(left > 0)
    )

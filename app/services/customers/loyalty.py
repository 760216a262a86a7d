"""Loyalty accounts and their ledger: posting and reading, for the operations that move points.

Everything here works inside the caller's transaction. An account is locked by the first change of
it, until the transaction ends; lock order: the customer's order, the customer, the loyalty account,
the wallet.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.db import session
from app.domain.loyalty import points_of_purchase, value_of_points
from app.services.customers.errors import InsufficientPointsError
from app.services.platform.read_setting import read_setting
from models.customers import LoyaltyAccount, LoyaltyMovement


@dataclass(frozen=True, slots=True)
class PointsChange:
    """``points`` come (positive) or go (negative); ``kind`` is one of the ledger's types."""

    kind: str
    points: int
    order_id: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OrderPoints:
    """What an order did to its customer's points so far; all numbers are zero or more."""

    earned: int
    taken_back: int
    used: int
    given_back: int


def points_for(amount: Decimal, segment: str) -> int:
    """Points that a purchase of ``amount`` soles earns a customer of the segment, by today's
    settings; none while the loyalty programme is off."""
    if not read_setting("loyalty.enabled"):
        return 0
    factors = read_setting("loyalty.segment_factors") or {}
    factor = Decimal(str(factors.get(segment, 1)))
    return points_of_purchase(amount, read_setting("loyalty.soles_per_point"), factor)


def worth_of(points: int) -> Decimal:
    """What the points pay today, in soles."""
    return value_of_points(points, read_setting("loyalty.point_value"))


def post_points(customer_id: int, change: PointsChange, *, now: dt.datetime) -> int:
    """Bring the account in line and write the ledger; gives the new balance.

    The account is made for its first points. Raises :class:`InsufficientPointsError` rather than
    let the balance become negative.
    """
    changed = _change_balance(customer_id, change, now)
    if changed is None and change.points > 0:
        changed = _open_account(customer_id, change, now)
    if changed is None:
        raise InsufficientPointsError(balance_of(customer_id), -change.points)
    account, balance = changed
    session().execute(
        sa.insert(LoyaltyMovement).values(
            loyalty_account_id=account,
            type=change.kind,
            points=change.points,
            order_id=change.order_id,
            reason=change.reason,
            created_at=now,
        )
    )
    return balance


def balance_of(customer_id: int) -> int:
    """Points to spend; 0 without an account."""
    row = LoyaltyAccount
    found = session().scalar(sa.select(row.points_balance).where(row.customer_id == customer_id))
    return found or 0


def lock_account(customer_id: int) -> int:
    """Lock the account until the transaction ends; gives its balance, 0 where there is none."""
    row = LoyaltyAccount
    found = session().scalar(
        sa.select(row.points_balance).where(row.customer_id == customer_id).with_for_update()
    )
    return found or 0


def points_of_order(order_id: int) -> OrderPoints:
    """What the ledger says of the order, in whichever account: customers may have been merged."""
    row = LoyaltyMovement

    def total(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        points = sa.func.sum(sa.func.abs(row.points)).filter(*conditions)
        return sa.func.coalesce(points, 0)

    found = session().execute(
        sa.select(
            total(row.type == "earn"),
            total(row.type == "reverse", row.points < 0),
            total(row.type == "redeem"),
            total(row.type == "reverse", row.points > 0),
        ).where(row.order_id == order_id)
    )
    return OrderPoints(*(int(number) for number in found.one()))


def _change_balance(
    customer_id: int, change: PointsChange, now: dt.datetime
) -> tuple[int, int] | None:
    """(account, balance); None without an account or with too little in it."""
    row = LoyaltyAccount
    earned = change.points if change.kind == "earn" else 0
    changed = session().execute(
        sa.update(row)
        .where(row.customer_id == customer_id, row.points_balance + change.points >= 0)
        .values(
            points_balance=row.points_balance + change.points,
            lifetime_points=row.lifetime_points + earned,
            last_movement_at=now,
        )
        .returning(row.id, row.points_balance)
        .execution_options(synchronize_session=False)
    )
    found = changed.one_or_none()
    return None if found is None else (found[0], found[1])


def _open_account(customer_id: int, change: PointsChange, now: dt.datetime) -> tuple[int, int]:
    """Make the account with its first points, unless somebody else just has: then add to it."""
    row = LoyaltyAccount
    new = insert(row).values(
        customer_id=customer_id,
        points_balance=change.points,
        lifetime_points=change.points if change.kind == "earn" else 0,
        last_movement_at=now,
    )
    opened = session().execute(
        new.on_conflict_do_update(
            index_elements=["customer_id"],
            set_={
                "points_balance": row.points_balance + new.excluded.points_balance,
                "lifetime_points": row.lifetime_points + new.excluded.lifetime_points,
                "last_movement_at": now,
            },
        ).returning(row.id, row.points_balance)
    )
    account, balance = opened.one()
    return account, balance

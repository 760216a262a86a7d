"""Points and money of merged customers go over by movements, and back when that is undone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.services.customers.loyalty import PointsChange, post_points
from app.services.customers.merge_plan import mark_of
from app.services.customers.wallet import WalletChange, post_to_wallet
from models.customers import CustomerWallet, LoyaltyAccount

Amounts = dict[str, Any]


def move_accounts(source_id: int, target_id: int, *, now: dt.datetime) -> Amounts:
    """Move all points and money; gives ``points``, ``lifetime`` (points ever earned), ``wallet``
    and ``seals`` of the target's accounts as they are then. Locks all four by customer."""
    both = (source_id, target_id)
    points, lifetime = _lock_points(both).get(source_id, (0, 0))
    wallet = _lock_wallets(both).get(source_id, Decimal(0))
    transfer(source_id, target_id, {"points": points, "wallet": str(wallet)}, now=now)
    add_lifetime(target_id, lifetime)
    moved = {"points": points, "lifetime": lifetime, "wallet": str(wallet)}
    return moved | {"seals": account_seals(target_id)}


def transfer(giver: int, taker: int, amounts: Amounts, *, now: dt.datetime) -> None:
    """Write both sides of each movement; nothing of what is nothing."""
    reference = f"{giver} → {taker}"
    if points := int(amounts["points"]):
        for customer, signed in ((giver, -points), (taker, points)):
            post_points(customer, PointsChange("merge", signed, reason=reference), now=now)
    if wallet := Decimal(amounts["wallet"]):
        for customer, kind in ((giver, "DEBIT"), (taker, "CREDIT")):
            post_to_wallet(customer, WalletChange(kind, wallet, reference), now=now)


def add_lifetime(customer_id: int, points: int) -> None:
    """Count points as ever earned by the customer, or no longer when negative."""
    row = LoyaltyAccount
    if points:
        session().execute(
            sa.update(row)
            .where(row.customer_id == customer_id)
            .values(lifetime_points=row.lifetime_points + points)
            .execution_options(synchronize_session=False)
        )


def lock_accounts(source_id: int, target_id: int) -> None:
    """Lock all accounts of both customers, points first, each by customer."""
    _lock_points((source_id, target_id))
    _lock_wallets((source_id, target_id))


def account_seals(customer_id: int) -> dict[str, str]:
    """A mark of each account of the customer, with all that it holds."""
    found = {}
    for model in (LoyaltyAccount, CustomerWallet):
        table: Any = model.__table__
        sql = sa.text(
            f"SELECT {mark_of(table)} FROM {table.fullname} WHERE customer_id = :customer"
        )
        if value := session().scalar(sql, {"customer": customer_id}):
            found[table.name] = str(value)
    return found


def _lock_points(customers: tuple[int, int]) -> dict[int, tuple[int, int]]:
    """(balance, ever earned) by customer."""
    row = LoyaltyAccount
    locked = session().execute(
        sa.select(row.customer_id, row.points_balance, row.lifetime_points)
        .where(row.customer_id.in_(customers))
        .order_by(row.customer_id)
        .with_for_update()
    )
    return {customer: (balance, lifetime) for customer, balance, lifetime in locked}


def _lock_wallets(customers: tuple[int, int]) -> dict[int, Decimal]:
    row = CustomerWallet
    locked = session().execute(
        sa.select(row.customer_id, row.balance)
        .where(row.customer_id.in_(customers))
        .order_by(row.customer_id)
        .with_for_update()
    )
    return {row.customer_id: row.balance for row in locked}

"""Customers with orders, points and wallets, made by the operations."""

from __future__ import annotations

import itertools
import uuid
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor, system_actor
from app.db import atomic, session
from models.customers import (
    Customer,
    CustomerWallet,
    LoyaltyAccount,
    LoyaltyMovement,
    WalletTransaction,
)
from models.inventory import Location
from models.sales import Order
from tests.services.shop import NOW

SYSTEM: Actor = system_actor("tests")
_numbers = itertools.count(1)


def add_person(**values: object) -> int:
    with atomic() as current:
        row = Customer(**{"full_name": f"Person {next(_numbers)}", **values})
        current.add(row)
        current.flush()
        return row.id


def add_order(customer: int | None = None, total: str = "10.00") -> int:
    """An order as the database wants it; how it came about doesn't matter here."""
    with atomic() as current:
        place = current.scalar(sa.select(Location.id).limit(1))
        if place is None:
            shop = Location(name="Shop", code=f"P{uuid.uuid4().hex[:6]}")
            current.add(shop)
            current.flush()
            place = shop.id
        order = Order(
            order_number=f"N-{uuid.uuid4().hex[:10]}", customer_id=customer, location_id=place,
            subtotal=Decimal(total), grand_total=Decimal(total), created_at=NOW,
        )  # fmt: skip
        current.add(order)
        current.flush()
        return order.id


def points_of(customer: int) -> tuple[int, int]:
    """(balance, sum of the ledger)."""
    account, row = LoyaltyAccount, LoyaltyMovement
    balance = session().scalar(
        sa.select(account.points_balance).where(account.customer_id == customer)
    )
    ledger = session().scalar(
        sa.select(sa.func.sum(row.points))
        .join(account, account.id == row.loyalty_account_id)
        .where(account.customer_id == customer)
    )
    return balance or 0, ledger or 0


def wallet_of(customer: int) -> tuple[Decimal, Decimal]:
    """(balance, sum of the ledger)."""
    wallet, row = CustomerWallet, WalletTransaction
    balance = session().scalar(sa.select(wallet.balance).where(wallet.customer_id == customer))
    signed = sa.case((row.type == "DEBIT", -row.amount), else_=row.amount)
    ledger = session().scalar(
        sa.select(sa.func.sum(signed))
        .join(wallet, wallet.id == row.wallet_id)
        .where(wallet.customer_id == customer)
    )
    return balance or Decimal(0), ledger or Decimal(0)

"""Customers at the till: found by name or document, with what they may pay with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import session
from app.domain.money import ZERO
from app.services.customers.loyalty import worth_of
from models.base import escape_like, fits
from models.customers import Customer, CustomerWallet, LoyaltyAccount

SHOWN = 8
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Buyer:
    """``points`` to spend; their worth, the wallet and the limit of credit are in soles."""

    id: int
    name: str
    document: str
    points: int
    points_worth: Decimal
    wallet: Decimal
    credit: Decimal


def find_buyers(text: str, *, actor: Actor) -> Sequence[Buyer]:
    """Live customers in the actor's reach whose name has the words or whose document begins so.

    Nothing for fewer than two letters. Two statements, both by index.
    """
    text = " ".join(text.replace("\0", "").split())[:100]
    if len(text) < SHORTEST:
        return []
    row = Customer
    pattern = escape_like(text)
    by_name = sa.and_(*(fits(row.full_name, f"%{word}%") for word in pattern.split(" ")))
    statement = (
        sa.select(row.id)
        .where(sa.or_(by_name, fits(row.doc_number, f"{pattern}%")), row.deleted_at.is_(None))
        .order_by(row.full_name, row.id)
        .limit(SHOWN)
    )
    return read_buyers(session().scalars(scoped(statement, row, Reader.of(actor), "read")).all())


def read_buyers(ids: Collection[int]) -> Sequence[Buyer]:
    """The customers, by name; one statement."""
    if not ids:
        return []
    row = Customer
    found = session().execute(
        sa.select(
            row.id,
            row.full_name,
            row.doc_number,
            sa.func.coalesce(LoyaltyAccount.points_balance, 0),
            sa.func.coalesce(CustomerWallet.balance, ZERO),
            row.credit_limit,
        )
        .outerjoin(LoyaltyAccount, LoyaltyAccount.customer_id == row.id)
        .outerjoin(CustomerWallet, CustomerWallet.customer_id == row.id)
        .where(row.id.in_(ids))
        .order_by(row.full_name, row.id)
    )
    return [
        Buyer(key, name, document or "", points, worth_of(points), wallet, credit)
        for key, name, document, points, wallet, credit in found
    ]

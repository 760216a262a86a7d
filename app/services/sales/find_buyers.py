"""Customers at the till: found by name or document, with what they may pay with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import session
from app.domain.identity_documents import RUC
from app.domain.money import ZERO
from app.services.customers.loyalty import worth_of
from models.base import Base, escape_like, fits
from models.customers import Customer, CustomerWallet, LoyaltyAccount

SHOWN = 8
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Buyer:
    """``points`` to spend; their worth, the wallet and the limit of credit are in soles. Who
    ``has_ruc`` may get a factura."""

    id: int
    name: str
    document: str
    points: int
    points_worth: Decimal
    wallet: Decimal
    credit: Decimal
    has_ruc: bool


def find_buyers(text: str, *, actor: Actor) -> Sequence[Buyer]:
    """Live customers in the actor's reach whose name has the words or whose document begins so.

    Nothing for fewer than two letters, and columns hidden from the actor are not looked in. Two
    statements, both by index.
    """
    text = " ".join(text.replace("\0", "").split())[:100]
    row, pattern, matching = Customer, escape_like(text), []
    if _sees(actor, row, "full_name"):
        words = pattern.split(" ")
        matching.append(sa.and_(*(fits(row.full_name, f"%{word}%") for word in words)))
    if _sees(actor, row, "doc_number"):
        matching.append(fits(row.doc_number, f"{pattern}%"))
    if len(text) < SHORTEST or not matching:
        return []
    statement = (
        sa.select(row.id)
        .where(sa.or_(*matching), row.deleted_at.is_(None))
        .order_by(row.full_name, row.id)
        .limit(SHOWN)
    )
    found = session().scalars(scoped(statement, row, Reader.of(actor), "read"))
    return read_buyers(found.all(), actor=actor)


def read_buyers(ids: Collection[int], *, actor: Actor) -> Sequence[Buyer]:
    """Those of the customers that the actor may see, by name, without what is hidden; one
    statement."""
    if not ids:
        return []
    row = Customer
    statement = (
        sa.select(
            row.id,
            row.full_name if _sees(actor, row, "full_name") else sa.cast(row.id, sa.Text),
            row.doc_number if _sees(actor, row, "doc_number") else sa.literal(""),
            _or_nothing(actor, LoyaltyAccount, "points_balance", 0),
            _or_nothing(actor, CustomerWallet, "balance", ZERO),
            _or_nothing(actor, row, "credit_limit", ZERO),
            row.doc_type == RUC if _sees(actor, row, "doc_type") else sa.false(),
        )
        .outerjoin(LoyaltyAccount, LoyaltyAccount.customer_id == row.id)
        .outerjoin(CustomerWallet, CustomerWallet.customer_id == row.id)
        .where(row.id.in_(ids))
        .order_by(row.full_name, row.id)
    )
    found = session().execute(scoped(statement, row, Reader.of(actor), "read"))
    return [
        Buyer(key, name, document or "", points, worth_of(points), wallet, credit, has_ruc)
        for key, name, document, points, wallet, credit, has_ruc in found
    ]


def _sees(actor: Actor, model: type[Base], column: str) -> bool:
    table = str(model.__table__.fullname)
    return actor.may(f"{table}:read") and column not in actor.policy.hidden(table)


def _or_nothing(actor: Actor, model: type[Base], column: str, nothing: int | Decimal) -> Any:
    if not _sees(actor, model, column):
        return sa.literal(nothing)
    return sa.func.coalesce(getattr(model, column), nothing)

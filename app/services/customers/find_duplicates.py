"""Customers that may be one and the same: by document, telephone, e-mail address or name."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.access.rows import Reader, row_condition
from app.actor import Actor
from app.db import session
from app.domain.identity_documents import DNI, RUC
from models.base import folded
from models.customers import Customer

NATURAL = "10"
"""How the RUC of a natural person begins."""
PHONE_DIGITS = 9
SHORTEST = 6
"""Telephones and documents with fewer digits say nothing."""
ALIKE = 0.5
"""From which trigram similarity on two names are alike."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that may be the same; ``reasons`` are document, phone, email, name."""

    id: int
    full_name: str
    doc_number: str | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two customers with the same first reason, older first."""

    older: Candidate
    newer: Candidate


def find_candidates(customer: Customer, *, actor: Actor, limit: int = 10) -> list[Candidate]:
    """Other live customers that may be this one, the likeliest first; one statement, by index but
    for the telephone."""
    row = Customer
    name = folded(customer.full_name)
    likeness = sa.func.similarity(folded(row.full_name), name)
    this = aliased(row)
    phone = sa.select(_phone(this)).where(this.id == customer.id).scalar_subquery()
    same: dict[str, Any] = {
        "document": row.doc_number.in_(_numbers_of(customer)),
        "phone": _phone(row) == phone,
        "email": sa.func.lower(row.email) == (customer.email or "").lower(),
        "name": likeness >= ALIKE,
    }
    # One SELECT for each, so that each can use its index; trigrams first, then how alike.
    looked_for = {**same, "name": folded(row.full_name).op("%")(name)}
    ids = sa.union(*(sa.select(row.id).where(reason) for reason in looked_for.values()))
    found = [sa.func.coalesce(condition, sa.false()) for condition in same.values()]
    weight = sum(sa.cast(one, sa.Integer) for one in found[:-1])
    statement = (
        sa.select(*_shown(row), *found)
        .where(row.id.in_(ids), row.id != customer.id, sa.or_(*found), *_reach(actor))
        .order_by((weight + likeness).desc(), row.id)
        .limit(limit)
    )
    return [
        Candidate(key, name, number, tuple(compress(same, flags)))
        for key, name, number, *flags in session().execute(statement)
    ]


def find_pairs(*, actor: Actor, limit: int = 25) -> list[Pair]:
    """Live customers that share a document, a telephone, an e-mail address or the whole name, the
    surest first. One statement over all customers."""
    row = Customer
    shared = {
        "document": _document(row),
        "phone": _phone(row),
        "email": sa.func.nullif(sa.func.lower(row.email), ""),
        "name": _plain_name(row),
    }
    groups = [
        sa.select(
            sa.literal(rank).label("rank"),
            sa.func.array_agg(aggregate_order_by(row.id, row.id)).label("ids"),
        )
        .where(value.is_not(None), row.deleted_at.is_(None), *_reach(actor))
        .group_by(value)
        .having(sa.func.count() > 1)
        for rank, value in enumerate(shared.values())
    ]
    found = sa.union_all(*groups).subquery()
    older, newer = aliased(row), aliased(row)
    statement: sa.Select[Any] = (
        sa.select(*_shown(older), *_shown(newer), found.c.rank)
        .join(older, older.id == found.c.ids[1])
        .join(newer, newer.id == found.c.ids[2])
        .order_by(found.c.rank, newer.id.desc())
        .limit(limit * len(shared))
    )
    reasons = list(shared)
    pairs: dict[tuple[int, int], Pair] = {}
    for key, name, number, key2, name2, number2, rank in session().execute(statement):
        why = (reasons[rank],)
        pair = Pair(Candidate(key, name, number, why), Candidate(key2, name2, number2, why))
        pairs.setdefault((key, key2), pair)
    return list(pairs.values())[:limit]


def _shown(row: Any) -> tuple[Any, ...]:
    return row.id, row.full_name, row.doc_number


def _reach(actor: Actor) -> list[sa.ColumnElement[bool]]:
    condition = row_condition(Customer, Reader.of(actor))
    return [] if condition is None else [condition]


def _numbers_of(customer: Customer) -> list[str]:
    """Numbers of documents of the same person: the RUC of a natural person is made of the DNI."""
    number = customer.doc_number or ""
    if customer.doc_type == RUC and number.startswith(NATURAL):
        dni = number[2:10]
    elif customer.doc_type == DNI:
        dni = number
    else:
        return [number] if len(number) >= SHORTEST else []
    return [dni, *(f"{NATURAL}{dni}{digit}" for digit in range(10))]


def _document(row: Any) -> Any:
    """The number; of the RUC of a natural person the DNI that it is made of."""
    natural = sa.and_(row.doc_type == RUC, row.doc_number.like(f"{NATURAL}%"))
    number = sa.case((natural, sa.func.substr(row.doc_number, 3, 8)), else_=row.doc_number)
    return sa.case((sa.func.length(number) >= SHORTEST, number))


def _phone(row: Any) -> Any:
    """Its last nine digits: a mobile number without the code of the country."""
    digits = sa.func.translate(row.phone, " +-()./", "")
    return sa.case((sa.func.length(digits) >= SHORTEST, sa.func.right(digits, PHONE_DIGITS)))


def _plain_name(row: Any) -> Any:
    """Without accents and capitals; many times as fast over all customers as folding."""
    return sa.func.nullif(sa.func.translate(sa.func.lower(row.full_name), "áéíóúüñ", "aeiouun"), "")

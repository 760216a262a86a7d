"""What a merge of two customers is about: found from the tables, so that nothing is forgotten.

Every column that points to a customer moves, and so does what people say about one; but for those
in :data:`STAYS`. Each column of a customer is something to choose, but for those of the system.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.services.customers.errors import CustomerNotFoundError
from models.base import Base
from models.customers import Customer, CustomerWallet, LoyaltyAccount

CUSTOMERS = Customer.__table__.fullname
STAYS: Mapping[str, str] = {
    "customers.loyalty_accounts": "the points go over by movements of both ledgers",
    "customers.customer_wallets": "the money goes over by movements of both ledgers",
    "customers.customer_merge_log": "tells what was merged with what, then as now",
}
ORDERS = "sales.orders.customer_id"
SYSTEM = frozenset({"id", "created_at", "deleted_at", "deleted_by", "deletion_reason"})
DOCUMENT = ("doc_type", "doc_number")
BY_WORKERS: Mapping[str, tuple[str, ...]] = {
    "messaging.notifications": ("status", "retry_count", "scheduled_for", "error", "sent_at"),
    "sales.orders": ("receipt_status", "receipt_url", "receipt_attempts", "version"),
}
"""Columns that workers change by themselves: no reason not to undo a merge."""


def mark_of(table: Any) -> str:
    """SQL: a mark of a row with all that it holds, but for what workers change. A column that is
    added later and is empty makes no difference."""
    ignored = "".join(f" - '{name}'" for name in BY_WORKERS.get(table.fullname, ()))
    return f"md5(jsonb_strip_nulls(to_jsonb({table.name}){ignored})::text)"


@dataclass(frozen=True, slots=True)
class Place:
    """A column whose rows follow a merged customer; ``about`` ones hold the key as text."""

    table: sa.Table
    column: str
    about: bool = False

    @property
    def name(self) -> str:
        return f"{self.table.fullname}.{self.column}"

    def key(self, customer_id: int) -> int | str:
        return str(customer_id) if self.about else customer_id

    def where(self, parameter: str) -> str:
        """SQL: the rows of the customer that the parameter names."""
        mine = f"{self.table.name}.{self.column} = :{parameter}"
        return f"{mine} AND {self.table.name}.table_name = '{CUSTOMERS}'" if self.about else mine


@dataclass(frozen=True, slots=True)
class Moving:
    """``rows`` of a place would move; ``table`` is its name without the schema."""

    table: str
    rows: int


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What would move from the source: rows by place, points and soles."""

    moving: tuple[Moving, ...]
    points: int
    wallet: Any


def places() -> tuple[Place, ...]:
    """Everything that moves, in the order of the names."""
    found = []
    for mapper in Base.registry.mappers:
        table: Any = mapper.local_table
        if table.fullname in STAYS:
            continue
        pointing = (key.parent.name for key in table.foreign_keys if _is_customer(key))
        found += [Place(table, column) for column in pointing]
        if mapper.class_.__about__:
            found.append(Place(table, "record_id", about=True))
    return tuple(sorted(found, key=lambda place: place.name))


def _is_customer(key: sa.ForeignKey) -> bool:
    return key.column.table is Customer.__table__


def choices() -> dict[str, tuple[str, ...]]:
    """What may be taken from either customer, with its columns: a document is kind and number."""
    names = [name for name in Customer.__table__.columns.keys() if name not in SYSTEM]  # noqa: SIM118
    found: dict[str, tuple[str, ...]] = {name: (name,) for name in names if name != DOCUMENT[0]}
    found[DOCUMENT[1]] = DOCUMENT
    return found


def preview_merge(source_id: int) -> MergePreview:
    """What a merge would move away from the customer, whoever may see it: it moves all the same.
    One statement."""
    moving = places()
    counts = [f"(SELECT count(*) FROM {p.table.fullname} WHERE {p.where(_of(p))})" for p in moving]
    points, wallet = LoyaltyAccount.__table__.fullname, CustomerWallet.__table__.fullname
    balances = [
        f"(SELECT points_balance FROM {points} WHERE customer_id = :source)",
        f"(SELECT balance FROM {wallet} WHERE customer_id = :source)",
    ]
    sql = sa.text(f"SELECT {', '.join([*counts, *balances])}")
    row = session().execute(sql, {"source": source_id, "source_text": str(source_id)}).one()
    rows = [Moving(p.table.name, n) for p, n in zip(moving, row[:-2], strict=True)]
    return MergePreview(tuple(rows), row[-2] or 0, row[-1] or 0)


def _of(place: Place) -> str:
    return "source_text" if place.about else "source"


def lock_orders(customer_id: int) -> None:
    """An operation on an order locks it before anything of its customer's; so does this."""
    place = next(place for place in places() if place.name == ORDERS)
    sql = f"SELECT id FROM {place.table.fullname} WHERE {place.where('customer')} ORDER BY id"
    session().execute(sa.text(f"{sql} FOR UPDATE"), {"customer": customer_id})


def lock_both(source_id: int, target_id: int, *, deleted: bool = False) -> dict[int, Customer]:
    """Lock both customers in the order of their keys, so that nobody begins anything for them;
    raises :class:`CustomerNotFoundError` unless both are there."""
    statement = (
        sa.select(Customer)
        .where(Customer.id.in_([source_id, target_id]))
        .order_by(Customer.id)
        .with_for_update(of=Customer)
    )
    options = {"populate_existing": True, "include_deleted": deleted}
    found = {row.id: row for row in session().scalars(statement, execution_options=options)}
    for customer_id in (source_id, target_id):
        if customer_id not in found:
            raise CustomerNotFoundError(customer_id)
    return found


def values_of(customer: Customer) -> dict[str, Any]:
    """Every column as JSON keeps it: numbers with decimals, dates and keys as text."""
    values = {c.name: getattr(customer, c.name) for c in Customer.__table__.columns}
    plain = (bool, int, str, type(None))
    return {name: v if isinstance(v, plain) else str(v) for name, v in values.items()}


def seal(rows: Mapping[int, str]) -> str:
    """One mark for rows with their marks by key."""
    return hashlib.sha256(repr(sorted(rows.items())).encode()).hexdigest()

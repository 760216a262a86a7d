"""Which numbers are amounts, and in which currency: sums of two currencies mean nothing."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.admin.access import may_see
from app.admin.describe import Field, describe
from models.base import Base

AMOUNT_WORDS = frozenset(
    {
        *("price", "cost", "fee", "amount", "total", "subtotal", "budget", "balance"),
        *("revenue", "charge", "cash", "limit", "threshold", "discounted"),
    }
)
PERCENT_WORDS = frozenset({"percent", "percentage", "probability"})
HUNDRED = 100


def is_money(field: Field) -> bool:
    """Whether the number is an amount: said by ``info``, else told by its name."""
    if field.kind != "decimal" or is_percent(field):
        return False
    return "currency" in field.column.info or bool(AMOUNT_WORDS & words_of(field))


def is_percent(field: Field) -> bool:
    """Whether the number is a share of a hundred."""
    kind: Any = field.column.type
    if isinstance(kind, sa.Numeric) and (kind.precision, kind.scale) == (7, 4):
        return True
    return field.numeric and field.maximum == HUNDRED and bool(PERCENT_WORDS & words_of(field))


def currency_field(field: Field, model: type[Base]) -> Field | None:
    """The column that says which currency the amounts in ``field`` are in: of the row itself, or
    of the document that the row is a line of. None for a number that is no money, and for money
    of the business, which has one currency only."""
    if not is_money(field):
        return None
    fields = describe(model).fields
    own = field.column.info.get("currency") or "currency"
    if own in fields:
        return fields[own]
    for name in model.__parents__:
        target = fields[name].target
        if target is not None and "currency" in describe(target).fields:
            return describe(target).fields["currency"]
    return None


def currency_of(field: Field, model: type[Base]) -> Any:
    """SQL of the currency of each row's ``field``; NULL where it has none."""
    found = currency_field(field, model)
    if found is None:
        return sa.null()
    if found.column.table is model.__table__:
        return getattr(model, found.name)
    link = link_to(found, model)
    document = found.column.table.alias()
    (reference,) = link.column.foreign_keys
    key = document.c[reference.column.name]
    return (
        sa.select(document.c[found.column.name])
        .where(key == getattr(model, link.name))
        .scalar_subquery()
    )


def link_to(currency: Field, model: type[Base]) -> Field:
    """The relation that leads from a line to the document whose column ``currency`` is."""
    return next(
        field
        for field in describe(model).fields.values()
        if field.target is not None and field.target.__table__ is currency.column.table
    )


def summable(field: Field, model: type[Base]) -> bool:
    """Whether the reader may see the number and, for money, in which currency it is."""
    if not may_see(field):
        return False
    currency = currency_field(field, model)
    return currency is None or may_see(currency)


def words_of(field: Field) -> frozenset[str]:
    return frozenset(field.name.split("_"))

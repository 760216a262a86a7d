"""Sums, averages and bounds of numeric columns over all rows of a list, money by currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import lazyload

from app.admin.describe import Description, Field
from app.admin.lists.listing import Listing
from app.admin.lists.patience import patiently
from app.admin.money import currency_field, currency_of, summable
from app.db import session
from app.i18n import lazy_gettext as _l
from app.locale import show_decimal
from app.session import INCLUDE_DELETED

AGGREGATES = {"sum": _l("Sum"), "avg": _l("Average"), "min": _l("Least"), "max": _l("Most")}
NONE = "none"
AVERAGE_SCALE = 2
# Numbers whose sum says nothing.
NO_SUMS = frozenset({"percent", "percentage", "rate", "price", "cost", "year", "order", "version"})


@dataclass(frozen=True, slots=True)
class Total:
    """``values`` are (currency or "", number as people read it)."""

    column: str
    aggregate: str
    values: tuple[tuple[str, str], ...]


def totalled(fields: Sequence[Field], description: Description) -> list[Field]:
    """The columns among ``fields`` that totals can be made of."""
    return [
        field
        for field in fields
        if field.numeric
        and field.name not in description.keys
        and summable(field, description.model)
    ]


def usual_total(field: Field) -> str:
    """What is computed of a column unless somebody chooses otherwise."""
    return "avg" if NO_SUMS & set(field.name.split("_")) else "sum"


def compute_totals(
    listing: Listing, fields: Sequence[Field], chosen: Mapping[str, str]
) -> dict[str, Total]:
    """Totals by column; one statement for each currency column that they need, at most.

    ``chosen`` says which aggregate of which column (``none``: no total). Raises
    :class:`TooManyRowsError` where that takes too long.
    """
    model = listing.model
    wanted = {f.name: chosen.get(f.name) or usual_total(f) for f in fields}
    asked = [f for f in fields if wanted[f.name] in AGGREGATES]
    by_currency: dict[Any, list[Field]] = {}
    for field in asked:
        currency = currency_field(field, model)
        by_currency.setdefault(currency and currency.column, []).append(field)
    totals = {}
    with patiently():
        for same in by_currency.values():
            rows = session().execute(_statement(listing, same, wanted), **_EVERYTHING).all()
            for position, field in enumerate(same, start=1):
                found = [(str(row[0] or ""), row[position]) for row in rows]
                totals[field.name] = _total(field, wanted[field.name], found)
    return totals


_EVERYTHING: dict[str, Any] = {"execution_options": INCLUDE_DELETED}


def _statement(listing: Listing, fields: Sequence[Field], wanted: Mapping[str, str]) -> Any:
    currency = currency_of(fields[0], listing.model).label("currency")
    numbers = [getattr(listing.model, field.name).label(field.name) for field in fields]
    rows = listing.statement.options(lazyload("*")).with_only_columns(currency, *numbers).subquery()
    return (
        sa.select(rows.c.currency, *(_aggregate(wanted[f.name], rows.c[f.name]) for f in fields))
        .group_by(rows.c.currency)
        .order_by(rows.c.currency)
    )


def _aggregate(name: str, column: Any) -> Any:
    function: dict[str, Any] = {
        "sum": sa.func.sum,
        "avg": sa.func.avg,
        "min": sa.func.min,
        "max": sa.func.max,
    }
    return function[name](column)


def _total(field: Field, aggregate: str, found: Sequence[tuple[str, Any]]) -> Total:
    scale = max(field.scale, AVERAGE_SCALE) if aggregate == "avg" else field.scale
    values = tuple(
        (currency, show_decimal(number, scale)) for currency, number in found if number is not None
    )
    return Total(field.name, aggregate, values)

"""The cards of a board: the first of each column in one statement, the rest by keyset.

Whatever the columns hold, a board is a fixed number of statements: its columns, the first cards of
all of them, what belongs to the cards shown, and the totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.admin.access import rows_for
from app.admin.describe import Field, describe
from app.admin.lists.listing import Listing, Order, Page
from app.admin.money import currency_of
from app.admin.titles import title_of
from app.db import session
from app.i18n import gettext as _
from app.session import INCLUDE_DELETED

CARDS = 12
NO_VALUE = "none"
ORDER_OF_COLUMNS = ("display_order", "level")


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the board. ``key`` is its value as text, :data:`NO_VALUE` without one."""

    key: str
    value: Any
    label: str
    color: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """``sums`` are (currency or "", amount) of the column's rows."""

    count: int = 0
    sums: tuple[tuple[str, Decimal], ...] = field(default_factory=tuple)


def lanes_of(grouped: Field) -> list[Lane]:
    """The columns in their order: the choices, or the rows of the table pointed to."""
    nothing = [Lane(NO_VALUE, None, _("None"))] if grouped.nullable else []
    if grouped.target is None:
        known = grouped.choices or grouped.usual
        return [Lane(v, v, _(label), state=v) for v, label in known.items()] + nothing
    target = describe(grouped.target)
    names = [name for name in ORDER_OF_COLUMNS if name in target.fields] + list(target.keys)
    order = [getattr(grouped.target, name) for name in names]
    statement = rows_for(grouped.target, sa.select(grouped.target)).order_by(*order)
    rows = session().scalars(statement.limit(CARDS)).all()
    return [_lane(row, target.keys[0]) for row in rows] + nothing


def _lane(row: Any, key: str) -> Lane:
    color = getattr(row, "color", None) or ""
    return Lane(str(getattr(row, key)), getattr(row, key), title_of(row), color)


def other_lanes(grouped: Field, lanes: Sequence[Lane], found: Iterable[Any]) -> list[Lane]:
    """Columns of values that data holds although they are not among the usual ones."""
    known = {lane.value for lane in lanes}
    others = sorted(str(v) for v in found if v is not None and v not in known)
    return [Lane(v, v, v, state=v) for v in others] if grouped.target is None else []


class Cards:
    """Reads the cards of a narrowed listing, grouped by one column."""

    def __init__(self, listing: Listing, grouped: Field, order: Order) -> None:
        self.listing, self.grouped, self.order = listing, grouped, order
        self.attribute = getattr(listing.model, grouped.name)

    def first(self, lanes: Sequence[Lane]) -> dict[str, Page]:
        """The first cards of each column, by the column's key; one statement."""
        if not lanes:
            return {}
        model, statement = self.listing.model, self.listing.statement
        names = self.listing.description.keys
        keys = [getattr(model, name) for name in names]
        parts = [self._keys_of(number, lane, keys) for number, lane in enumerate(lanes)]
        found = sa.union_all(*parts).subquery()
        matched = sa.and_(*(key == found.c[key.key] for key in keys))
        rows = session().execute(
            sa.select(model, found.c.lane)
            .join(found, matched)
            .options(*statement._with_options)  # noqa: SLF001 - no public accessor
            .order_by(found.c.lane, *self.listing.order_by(self.order)),
            execution_options=INCLUDE_DELETED,
        )
        by_lane: dict[int, list[Any]] = {}
        for row, number in rows:
            by_lane.setdefault(number, []).append(row)
        return {lane.key: self._page(by_lane.get(n, [])) for n, lane in enumerate(lanes)}

    def more(self, lane: Lane, after: str) -> Page:
        """The next cards of one column; raises FilterError for a damaged ``after``."""
        listing = self.listing
        listing.statement = listing.statement.where(self._is(lane))
        return listing.page(self.order, CARDS, after=after)

    def totals(self, total: Field | None) -> dict[Any, Total]:
        """Rows and sums by the column's value; money per currency. One statement."""
        inner = self._grouped(total)
        groups = [inner.c.value, *([inner.c.currency] if total is not None else [])]
        amount = sa.func.sum(inner.c.amount) if total is not None else sa.null()
        statement = sa.select(
            inner.c.value,
            inner.c.currency if total is not None else sa.null(),
            sa.func.count(),
            amount,
        ).group_by(*groups)
        found: dict[Any, Total] = {}
        for value, currency, count, summed in session().execute(statement):
            known = found.get(value, Total())
            sums = [*known.sums, *([(currency or "", summed)] if summed else [])]
            found[value] = replace(known, count=known.count + count, sums=tuple(sorted(sums)))
        return found

    def _grouped(self, total: Field | None) -> Any:
        columns = [self.attribute.label("value")]
        if total is not None:
            columns.append(getattr(self.listing.model, total.name).label("amount"))
            columns.append(currency_of(total, self.listing.model).label("currency"))
        return self.listing.statement.with_only_columns(
            *columns, maintain_column_froms=True
        ).subquery()

    def _keys_of(self, number: int, lane: Lane, keys: Sequence[Any]) -> Any:
        narrowed = self.listing.statement.where(self._is(lane)).with_only_columns(
            sa.literal(number, sa.Integer).label("lane"), *keys, maintain_column_froms=True
        )
        ordered = narrowed.order_by(*self.listing.order_by(self.order)).limit(CARDS + 1)
        return sa.select(ordered.subquery())

    def _is(self, lane: Lane) -> Any:
        if lane.value is None:
            return self.attribute.is_(None)
        return self.attribute == lane.value

    def _page(self, rows: list[Any]) -> Page:
        shown = rows[:CARDS]
        more = len(rows) > CARDS
        return Page(shown, self.listing.token(self.order, shown[-1]) if more else "", "")

"""The figures of a chart, by GROUP BY over the rows of a list that the reader may see.

A fixed number of statements: the currencies of money, the groups, the series, and the figures with
all other groups as one. Each is a scan of the filtered rows at worst.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.admin.boards.chart_request import TIMES, UNITS, ChartRequest
from app.admin.describe import Field
from app.admin.lists.listing import Listing
from app.admin.money import currency_field, currency_of
from app.db import session
from app.locale import user_timezone

MAX_TIMES = 800
"""More points than this are drawn by the next longer unit."""
MAX_SERIES = 8

Key = Any
"""The value of a group: of the column's type, a date for dates, None without a value."""


class Others:
    """Stands for all groups that don't stand for themselves."""


OTHERS = Others()
_ONE: list[Key] = [None]


@dataclass(frozen=True, slots=True)
class ChartData:
    """``values`` by (group, series); ``series`` is (None,) where there is one only.

    ``currencies`` are those of the money, the most frequent first; ``currency`` the one shown.
    """

    groups: tuple[Key, ...]
    series: tuple[Key, ...]
    values: dict[tuple[Key, Key], Decimal | int | None]
    every: str
    currencies: tuple[str, ...] = ()
    currency: str = ""
    money: Field | None = field(default=None)


def read_chart(listing: Listing, wanted: ChartRequest) -> ChartData:
    """The figures of the listing's rows."""
    while True:
        data = _Chart(listing, wanted).read()
        if len(data.groups) <= MAX_TIMES or wanted.every == UNITS[-1]:
            return data
        wanted = replace(wanted, every=UNITS[UNITS.index(wanted.every) + 1])


class _Chart:
    def __init__(self, listing: Listing, wanted: ChartRequest) -> None:
        self.listing, self.wanted = listing, wanted
        self.rows = self._rows()
        self.figure = self._figure()

    def read(self) -> ChartData:
        money = self._money()
        currencies = self._currencies() if money is not None else ()
        currency = self.wanted.currency if self.wanted.currency in currencies else ""
        if currencies:
            currency = currency or currencies[0]
            self.rows = self._in_currency(currency)
            self.figure = self._figure()
        groups, more = self._groups()
        if self.wanted.series is None and not more:
            values = {(key, None): value for key, value in groups}
            found, series = [key for key, _value in groups], _ONE
        else:
            found = [key for key, _value in groups]
            series, more_series = (
                self._series() if self.wanted.series is not None else (_ONE, False)
            )
            values = self._values(found, series)
            found += [OTHERS] if more else []
            series = [*series, *([OTHERS] if more_series else [])]
        return ChartData(
            tuple(found), tuple(series), values, self.wanted.every, currencies, currency, money
        )

    def _money(self) -> Field | None:
        if self.wanted.y is None:
            return None
        return currency_field(self.wanted.y, self.listing.model)

    def _rows(self) -> Any:
        """The columns that the chart needs, of the filtered rows."""
        wanted, model = self.wanted, self.listing.model
        columns = [_bucket(getattr(model, wanted.x.name), wanted.x, wanted.every).label("x")]
        if wanted.series is not None:
            columns.append(getattr(model, wanted.series.name).label("s"))
        if wanted.y is not None:
            columns.append(getattr(model, wanted.y.name).label("y"))
            columns.append(currency_of(wanted.y, model).label("currency"))
        narrowed = self.listing.statement.with_only_columns(*columns, maintain_column_froms=True)
        return narrowed.subquery("rows")

    def _in_currency(self, currency: str) -> Any:
        """Those of them whose money is in that currency; the others would be added to apples."""
        rows = self.rows
        own = rows.c.currency.is_(None) if not currency else rows.c.currency == currency
        return sa.select(rows).where(own).subquery("in_currency")

    def _figure(self) -> Any:
        if self.wanted.y is None:
            return sa.func.count()
        return getattr(sa.func, self.wanted.function)(self.rows.c.y)

    def _currencies(self) -> tuple[str, ...]:
        currency = self.rows.c.currency
        found = sa.select(currency).group_by(currency).order_by(sa.func.count().desc(), currency)
        return tuple(code or "" for code in session().scalars(found))

    def _groups(self) -> tuple[list[tuple[Key, Any]], bool]:
        """(group, figure) of those that stand for themselves, and whether there are others."""
        x, figure = self.rows.c.x, self.figure
        statement = sa.select(x, figure).group_by(x)
        if self.wanted.x.kind in TIMES:
            found = session().execute(statement.order_by(x).limit(MAX_TIMES + 1))
            return [(key, value) for key, value in found], False
        ordered = statement.order_by(figure.desc().nulls_last(), x).limit(self.wanted.top + 1)
        rows = [(key, value) for key, value in session().execute(ordered)]
        return rows[: self.wanted.top], len(rows) > self.wanted.top

    def _series(self) -> tuple[list[Key], bool]:
        s = self.rows.c.s
        statement = sa.select(s).group_by(s).order_by(sa.func.count().desc(), s)
        found = list(session().scalars(statement.limit(MAX_SERIES + 1)))
        return found[:MAX_SERIES], len(found) > MAX_SERIES

    def _values(self, groups: Sequence[Key], series: Sequence[Key]) -> dict[tuple[Key, Key], Any]:
        """Figures of each group and series; all that isn't named is of the others."""
        x = self.rows.c.x
        named_x = sa.true() if self.wanted.x.kind in TIMES else _is_one_of(x, groups)
        columns = [sa.case((named_x, x)), named_x]
        if self.wanted.series is not None:
            s = self.rows.c.s
            named_s = _is_one_of(s, series)
            columns += [sa.case((named_s, s)), named_s]
        else:
            columns += [sa.null(), sa.true()]
        inner = sa.select(
            *(column.label(name) for column, name in zip(columns, "xpsq", strict=True)),
            *([self.rows.c.y] if self.wanted.y is not None else []),
        ).subquery("named")
        figure = (
            sa.func.count()
            if self.wanted.y is None
            else getattr(sa.func, self.wanted.function)(inner.c.y)
        )
        keys = [inner.c.x, inner.c.p, inner.c.s, inner.c.q]
        found: Any = session().execute(sa.select(*keys, figure).group_by(*keys))
        return {(x if p else OTHERS, s if q else OTHERS): value for x, p, s, q, value in found}


def _is_one_of(column: Any, keys: Sequence[Key]) -> Any:
    filled = [key for key in keys if key is not None]
    named = sa.func.coalesce(column.in_(filled), sa.false())
    return sa.or_(named, column.is_(None)) if len(filled) < len(keys) else named


def _bucket(column: Any, group: Field, every: str) -> Any:
    """The column, or for dates the first day of its day, week, … in the reader's zone."""
    if group.kind == "datetime":
        local = sa.func.timezone(user_timezone(), column)
        return sa.cast(sa.func.date_trunc(every, local), sa.Date)
    if group.kind == "date":
        return sa.cast(sa.func.date_trunc(every, sa.cast(column, sa.DateTime())), sa.Date)
    return column

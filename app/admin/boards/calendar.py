"""The rows of a range of days, by an index range scan per day: a month of a big table costs what a
small one does.

Three statements whatever the days hold: the first rows that begin on each day, those that began
before and still go on, and how many begin on each day.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from app.admin.describe import Field
from app.admin.lists.listing import Listing
from app.db import session
from app.locale import user_timezone
from app.session import INCLUDE_DELETED

RUNNING = 200
"""Rows that began before the first day and still go on: at most so many are shown."""
COUNTED = 200
"""Further rows of a day aren't counted: that would keep the page waiting."""
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Placed:
    """A row on one of its days; ``first`` and ``last`` are all its days."""

    row: Any
    first: dt.date
    last: dt.date
    time: dt.time | None

    @property
    def order(self) -> tuple[bool, dt.time, dt.date]:
        """Rows of several days first, then by time."""
        return self.first == self.last, self.time or dt.time(), self.first


@dataclass(frozen=True, slots=True)
class DayRows:
    """``count`` of all rows on the day, of which ``placed`` are the first; from ``COUNTED`` on
    there may be more."""

    placed: tuple[Placed, ...]
    count: int


class Days:
    """Reads the rows of a narrowed listing that begin, or go on, within some days."""

    def __init__(self, listing: Listing, start: Field, end: Field | None) -> None:
        self.listing, self.start_field, self.end_field = listing, start, end
        self.timed = start.kind == "datetime"
        self.zone = ZoneInfo(user_timezone())
        self.start = getattr(listing.model, start.name)
        self.end = getattr(listing.model, end.name) if end is not None else None

    def read(self, days: Sequence[dt.date], limit: int) -> dict[dt.date, DayRows]:
        """Up to ``limit`` rows a day, in the reader's time zone."""
        placed: defaultdict[dt.date, list[Placed]] = defaultdict(list)
        counts: Counter[dt.date] = Counter()
        for row in (*self._running(days[0]), *self._beginning(days, limit)):
            item = self._place(row)
            for day in _within(item, days[0], days[-1]):
                placed[day].append(item)
                counts[day] += day != item.first
        for day, count in zip(days, self._counts(days), strict=True):
            counts[day] += count
        return {
            day: DayRows(tuple(sorted(placed[day], key=lambda p: p.order)[:limit]), counts[day])
            for day in days
        }

    def _beginning(self, days: Sequence[dt.date], limit: int) -> Sequence[Any]:
        listing, table = self.listing, self._table_of(days)
        keys = [getattr(listing.model, name) for name in listing.description.keys]
        inner = self._on(table, keys).order_by(self.start, *keys).limit(limit).lateral("begins")
        matched = sa.and_(*(key == inner.c[key.key] for key in keys))
        statement = (
            sa.select(listing.model)
            .select_from(table)
            .join(inner, sa.true())
            .join(listing.model, matched)
            .options(*listing.statement._with_options)  # noqa: SLF001 - no public accessor
            .order_by(self.start, *keys)
        )
        return session().scalars(statement, execution_options=INCLUDE_DELETED).all()

    def _running(self, first: dt.date) -> Sequence[Any]:
        if self.end is None:
            return ()
        bound = self._bound(first)
        statement = (
            self.listing.statement.where(self.start < bound, self.end >= bound)
            .order_by(self.start.desc())
            .limit(RUNNING)
        )
        return session().scalars(statement, execution_options=INCLUDE_DELETED).all()

    def _counts(self, days: Sequence[dt.date]) -> list[int]:
        table = self._table_of(days)
        some = self._on(table, [sa.literal(1)]).limit(COUNTED).subquery()
        inner = sa.select(sa.func.count().label("rows")).select_from(some).lateral("counted")
        statement = sa.select(inner.c.rows).select_from(table).join(inner, sa.true())
        return list(session().scalars(statement.order_by(table.c.number)))

    def _on(self, table: Any, columns: Sequence[Any]) -> Any:
        """The rows that begin on the day of the outer row."""
        narrowed = self.listing.statement.with_only_columns(*columns, maintain_column_froms=True)
        return narrowed.where(self.start >= table.c.first, self.start < table.c.last).correlate(
            table
        )

    def _table_of(self, days: Sequence[dt.date]) -> Any:
        kind = sa.DateTime(timezone=True) if self.timed else sa.Date()
        bounds = [[self._bound(day) for day in days], [self._bound(day + ONE_DAY) for day in days]]
        arrays = [sa.cast(bound, pg.ARRAY(kind)) for bound in bounds]
        return (
            sa.func.unnest(*arrays)
            .table_valued(
                sa.column("first", kind), sa.column("last", kind), with_ordinality="number"
            )
            .render_derived(name="days")
        )

    def _bound(self, day: dt.date) -> dt.date | dt.datetime:
        """The first moment of the day in the reader's zone; the day itself for a date."""
        return dt.datetime.combine(day, dt.time(), self.zone) if self.timed else day

    def _place(self, row: Any) -> Placed:
        start = getattr(row, self.start_field.name)
        end = getattr(row, self.end_field.name) if self.end_field is not None else None
        first, last = self.day_of(start), self.day_of(end or start)
        # What ends at midnight doesn't reach into the next day.
        if self.timed and end is not None and end > start:
            last = self.day_of(end - dt.timedelta(microseconds=1))
        time = start.astimezone(self.zone).time() if self.timed else None
        return Placed(row, first, max(first, last), time)

    def day_of(self, value: dt.date | dt.datetime) -> dt.date:
        """The day on which people see it."""
        return value.astimezone(self.zone).date() if isinstance(value, dt.datetime) else value


def _within(item: Placed, first: dt.date, last: dt.date) -> list[dt.date]:
    """Those of its days that are shown."""
    start, end = max(item.first, first), min(item.last, last)
    return [start + dt.timedelta(days=n) for n in range((end - start).days + 1)]


def moved(value: dt.date | dt.datetime, days: int, zone: ZoneInfo) -> dt.date | dt.datetime:
    """So many days later, at the same time on the clock."""
    if not isinstance(value, dt.datetime):
        return value + dt.timedelta(days=days)
    local = value.astimezone(zone)
    wall = local.replace(tzinfo=None) + dt.timedelta(days=days)
    return wall.replace(tzinfo=zone).astimezone(dt.UTC)

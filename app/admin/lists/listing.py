"""The rows of a list, fast at any size: one engine for the list pages and the API.

* Pages are cut by keyset: a page continues after the sort value and key of the last row, so the
  millionth page costs what the first does. PostgreSQL's own order of NULLs is kept (last when
  ascending, first when descending), so that plain indexes serve; the rows with and without a value
  are read as two ranges.
* The count is exact up to :data:`EXACT_COUNT_LIMIT` rows, else the planner's estimate; who wants to
  know asks for it exactly.
* A page is a fixed number of SQL statements: plan estimate, count, rows, one per relation shown.
"""

from __future__ import annotations

import base64
import copy
import datetime as dt
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import load_only, selectinload
from sqlalchemy.sql.expression import ClauseElement, Executable

from app.admin.access import rows_for
from app.admin.describe import Description, Field, describe
from app.admin.lists.values import FilterError, escape_like, parse
from app.db import session
from app.i18n import gettext as _
from app.session import INCLUDE_DELETED
from app.strict_json import read_json
from models.base import Base, fits

EXACT_COUNT_LIMIT = 20_000
MANY_ROWS = 50_000
"""More rows than this are added up after the page is shown, by a request of its own."""


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by one column and then by the key, both in the same direction."""

    column: str
    descending: bool


@dataclass(frozen=True, slots=True)
class Page:
    """``after`` and ``before`` are tokens of the neighbouring pages, empty at the ends."""

    rows: Sequence[Base]
    after: str
    before: str


class Listing:
    """The filtered rows of one table, of those that the person of this request may read.

    ``statement`` selects them without order or limit.
    """

    def __init__(self, description: Description, *, in_trash: bool = False) -> None:
        self.description = description
        self.model = description.model
        self.statement = rows_for(self.model, sa.select(self.model))
        if description.soft_delete:
            # Spelled out here because EXPLAIN and the key subquery are no plain ORM reads.
            deleted_at = self.model.deleted_at
            state = deleted_at.is_not(None) if in_trash else deleted_at.is_(None)
            self.statement = self.statement.where(state)

    def search(self, text: str, columns: Sequence[str]) -> None:
        """Keep rows where any of the text columns contains ``text`` (trigram indexes serve it)."""
        pattern = f"%{escape_like(text.replace(chr(0), ''))}%"
        matches = [fits(getattr(self.model, name), pattern) for name in columns]
        self.statement = self.statement.where(sa.or_(*matches))

    def count(self, shown: Page | None = None) -> tuple[int, bool]:
        """(number of rows, whether it is the planner's estimate).

        When the page ``shown`` has no neighbours, its rows are all there are.
        """
        if shown is not None and not (shown.before or shown.after):
            return len(shown.rows), False
        estimate = self.estimate()
        if estimate > EXACT_COUNT_LIMIT:
            return estimate, True
        capped = self._bare().limit(EXACT_COUNT_LIMIT + 1).subquery()
        counted = session().scalar(
            sa.select(sa.func.count()).select_from(capped), execution_options=INCLUDE_DELETED
        )
        exact = int(counted or 0)
        return (max(estimate, exact), True) if exact > EXACT_COUNT_LIMIT else (exact, False)

    def count_exactly(self) -> int:
        """The number of rows, however long that takes."""
        counted = sa.select(sa.func.count()).select_from(self._bare().subquery())
        return int(session().scalar(counted, execution_options=INCLUDE_DELETED) or 0)

    def estimate(self) -> int:
        """About how many rows there are, by the planner's statistics; reads none of them."""
        plan = session().execute(Explain(self._bare())).scalar_one()
        return int(plan[0]["Plan"]["Plan Rows"])

    def are_many(self) -> bool:
        """Whether adding them up would keep a page waiting."""
        return self.estimate() > MANY_ROWS

    def _bare(self) -> Any:
        one: Any = sa.literal_column("1").label("one")
        return self.statement.with_only_columns(one, maintain_column_froms=True)

    def page(
        self, order: Order, size: int, *, after: str = "", before: str = "", offset: int = 0
    ) -> Page:
        """One page of at most ``size`` rows; raises :class:`FilterError` for a bad token."""
        backwards = bool(before)
        keyset = _Keyset(self.description, order, reverse=backwards)
        start = keyset.decode(before or after) if before or after else None
        rows = self._read(keyset, start, size + 1, offset)
        more, rows = len(rows) > size, rows[:size]
        if backwards:
            rows.reverse()
        has_next = bool(rows) and (backwards or more)
        has_previous = bool(rows) and (more if backwards else bool(start) or offset > 0)
        return Page(
            rows=rows,
            after=keyset.encode(rows[-1]) if has_next else "",
            before=keyset.encode(rows[0]) if has_previous else "",
        )

    def _read(
        self, keyset: _Keyset, start: tuple[Any, ...] | None, limit: int, offset: int
    ) -> list[Base]:
        rows: list[Base] = []
        for condition in keyset.ranges(start):
            statement = self.statement.where(*condition).order_by(*keyset.order_by)
            statement = statement.limit(limit - len(rows))
            if offset:
                statement = self._skip(statement, offset)
            rows += session().scalars(statement, execution_options=INCLUDE_DELETED).all()
            if len(rows) >= limit:
                break
        return rows

    def _skip(self, statement: Any, offset: int) -> Any:
        """Skip rows by their keys alone, which an index can answer, then read the page's rows."""
        keys = [getattr(self.model, name) for name in self.description.keys]
        inner = statement.with_only_columns(*keys).offset(offset).subquery()
        matched = [key == inner.c[key.key] for key in keys]
        outer = sa.select(self.model).join(inner, sa.and_(*matched))
        return outer.options(*statement._with_options).order_by(*statement._order_by_clauses)  # noqa: SLF001 - no public accessor

    def narrowed(self, condition: Any) -> Listing:
        """These rows as far as they meet a further condition; this listing stays as it is."""
        other = copy.copy(self)
        other.statement = self.statement.where(condition)
        return other

    def order_by(self, order: Order) -> list[Any]:
        """The sort of pages in this order, for statements of one's own over these rows."""
        return _Keyset(self.description, order, reverse=False).order_by

    def token(self, order: Order, row: Base) -> str:
        """What :meth:`page` takes as ``after`` to continue behind ``row``."""
        return _Keyset(self.description, order, reverse=False).encode(row)

    def show(self, fields: Sequence[Field]) -> None:
        """Load the titles of what the relations among ``fields`` point to, one statement each
        (and one more where a title is itself a relationship)."""
        for field in fields:
            if field.target is not None:
                attribute = getattr(self.model, field.relationship)
                self.statement = self.statement.options(_titles(attribute, field.target))


def _titles(attribute: Any, target: type[Base]) -> Any:
    loader = selectinload(attribute)
    columns = describe(target).fields.keys()
    nested = [selectinload(getattr(target, n)) for n in target.__title__ if n not in columns]
    if nested or not target.__title__:
        return loader.options(*nested)
    return loader.options(load_only(*(getattr(target, name) for name in target.__title__)))


class _Keyset:
    """Where a page starts: the sort value and key of a row, as an opaque token."""

    def __init__(self, description: Description, order: Order, *, reverse: bool) -> None:
        self.field = description.fields[order.column]
        self.keys = [description.fields[name] for name in description.keys]
        self.descending = order.descending != reverse
        model = description.model
        self.attribute = getattr(model, order.column)
        self.key_attributes = [getattr(model, name) for name in description.keys]
        self.by_key_alone = description.keys == (order.column,)
        named = [] if self.by_key_alone else [self.attribute]
        ordered = [*named, *self.key_attributes]
        self.order_by = [item.desc() if self.descending else item.asc() for item in ordered]

    def encode(self, row: Base) -> str:
        parts = [self.field, *self.keys]
        values = [_plain(getattr(row, field.name)) for field in parts]
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    def decode(self, token: str) -> tuple[Any, ...]:
        fields = [self.field, *self.keys]
        try:
            raw = read_json(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
            pairs = list(zip(fields, raw, strict=True))  # ValueError when the lengths differ
            return tuple(None if value is None else _exact(field, value) for field, value in pairs)
        except (ValueError, TypeError, FilterError):
            raise FilterError(_("This page link is damaged; open the list again.")) from None

    def ranges(self, start: tuple[Any, ...] | None) -> list[list[Any]]:
        """Conditions of the ranges to read, in order: at most one without and one with values."""
        if self.by_key_alone:
            return [[] if start is None else [self._beyond(self.key_attributes, start[1:])]]
        if not self.field.nullable:
            both = [self.attribute, *self.key_attributes]
            return [[] if start is None else [self._beyond(both, start)]]
        if start is None:
            return [[]]
        return self._ranges_with_nulls(start)

    def _ranges_with_nulls(self, start: tuple[Any, ...]) -> list[list[Any]]:
        value, *key = start
        null, filled = self.attribute.is_(None), self.attribute.is_not(None)
        if value is None:
            rest = [null, self._beyond(self.key_attributes, key)]
            return [rest, [filled]] if self.descending else [rest]
        rest = [filled, self._beyond([self.attribute, *self.key_attributes], start)]
        return [rest] if self.descending else [rest, [null]]

    def _beyond(self, attributes: list[Any], values: Sequence[Any]) -> Any:
        if len(attributes) == 1:
            left: Any = attributes[0]
            right: Any = sa.literal(values[0], left.type)
        else:
            typed = [sa.literal(v, a.type) for a, v in zip(attributes, values, strict=True)]
            left, right = sa.tuple_(*attributes), sa.tuple_(*typed)
        return left < right if self.descending else left > right


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID | Decimal) else value


def _exact(field: Field, value: Any) -> Any:
    """A token's value back in the column's type (a date-time keeps its microseconds and zone)."""
    if field.kind == "datetime":
        return dt.datetime.fromisoformat(str(value))
    return parse(field, value)[0]


class Explain(Executable, ClauseElement):
    """``EXPLAIN (FORMAT JSON)`` of a statement."""

    inherit_cache = False

    def __init__(self, statement: Any) -> None:
        self.statement = statement


@compiles(Explain)
def _compile_explain(element: Explain, compiler: Any, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"

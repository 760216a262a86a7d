"""The rows of an export, read with a cursor of the server: any number in little memory."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.admin.access import rows_for
from app.admin.bulk.selection import SelectedRows
from app.admin.describe import Field, describe
from app.admin.exchange.export_request import ExportRequest
from app.admin.titles import title_of
from app.db import session
from app.i18n import gettext as _
from app.locale import user_timezone
from app.session import INCLUDE_DELETED
from models.base import Base

BATCH = 1000
TITLES_KEPT = 20_000
Values = list[Any]


class ExportRows:
    """What the person of this request may see of the rows wanted, in the order of the list.

    Raises ``SelectionError`` when the list's address holds a condition that can't be used.
    """

    def __init__(self, view: Any, wanted: ExportRequest) -> None:
        self.description = view.description
        self.wanted = wanted
        self.fields = wanted.fields(self.description)
        self.selected = SelectedRows(view, wanted.selection, "read")
        listed, self.listing, _mistakes = view.filtered(wanted.selection.args)
        self.order_by = self.listing.order_by(listed.order)
        self.zone = ZoneInfo(user_timezone())
        self._titles = {f.name: _Titles(f) for f in self.fields if f.target is not None}

    def count(self) -> int:
        """Rows; the planner's estimate where there are very many."""
        if self.wanted.selection.keys is None:
            return int(self.listing.count()[0])
        return self.selected.scope().seen

    def headings(self) -> list[str]:
        """A heading per column; the key of a relation stands before its title."""
        found = []
        for field in self.fields:
            by_name = self.wanted.style == "programs"
            heading = field.name if by_name else _(field.label)
            if field.target is None:
                found.append(heading)
                continue
            if self.wanted.keys:
                found.append(heading if by_name else _("%(what)s (key)", what=heading))
            found.append(f"{field.name}.title" if by_name else heading)
        return found

    def batches(self) -> Iterator[list[Values]]:
        """Lists of rows, each with a value per heading: None, bool, int, Decimal, date, date-time
        (in the person's zone), list, dict or text."""
        columns = [getattr(self.description.model, field.name) for field in self.fields]
        statement = self.selected.seen.with_only_columns(*columns, maintain_column_froms=True)
        rows = session().execute(
            statement.order_by(None).order_by(*self.order_by),
            execution_options={**INCLUDE_DELETED, "stream_results": True, "yield_per": BATCH},
        )
        for batch in rows.partitions():
            yield self._shown(batch)

    def _shown(self, batch: Sequence[Any]) -> list[Values]:
        by_column = [
            self._column(field, [row[place] for row in batch])
            for place, field in enumerate(self.fields)
        ]
        columns = [column for group in by_column for column in group]
        return [list(row) for row in zip(*columns, strict=True)]

    def _column(self, field: Field, values: Values) -> list[Values]:
        """The values of one column; two columns where a relation has its key shown."""
        if field.target is not None:
            titles = self._titles[field.name].of(values)
            keys = [str(v) if isinstance(v, uuid.UUID) else v for v in values]
            return [keys, titles] if self.wanted.keys else [titles]
        if field.kind == "datetime":
            return [[v.astimezone(self.zone) if v is not None else None for v in values]]
        labels = (field.choices or field.usual) if self.wanted.style == "people" else {}
        if labels:
            words = {code: _(label) for code, label in labels.items()}
            return [[words.get(v, v) for v in values]]
        return [[_plain(v) for v in values]]


class _Titles:
    """Titles of related rows by key, of those within the person's reach; few are kept."""

    def __init__(self, field: Field) -> None:
        assert field.target is not None  # noqa: S101 - relations only
        self.target: type[Base] = field.target
        description = describe(self.target)
        self.key = getattr(self.target, description.keys[0])
        names = [n for n in self.target.__title__ if n not in description.fields]
        self.options = [selectinload(getattr(self.target, name)) for name in names]
        self.known: dict[Any, str] = {}

    def of(self, keys: Values) -> list[str | None]:
        missing = {key for key in keys if key is not None and key not in self.known}
        if missing:
            if len(self.known) > TITLES_KEPT:
                self.known = {key: self.known[key] for key in keys if key in self.known}
            self._load(missing)
        return [self.known.get(key) if key is not None else None for key in keys]

    def _load(self, keys: set[Any]) -> None:
        statement = rows_for(self.target, sa.select(self.target)).where(self.key.in_(keys))
        statement = statement.options(*self.options)
        self.known |= dict.fromkeys(keys, _("Not visible to you"))
        for row in session().scalars(statement, execution_options=INCLUDE_DELETED):
            self.known[getattr(row, self.key.key)] = title_of(row)


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dt.timedelta):
        return str(value)
    return value

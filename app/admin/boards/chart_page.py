"""From the figures of a chart to the page that shows them: labels, numbers, links to the rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import request

from app.admin.access import rows_for
from app.admin.boards.chart_query import MAX_TIMES, OTHERS, ChartData
from app.admin.boards.chart_request import TIMES, ChartRequest, function_labels
from app.admin.boards.pages import ChartCell, ChartRow
from app.admin.boards.periods import next_period, period_label, without_gaps
from app.admin.boards.switch import OWN_ARGUMENTS
from app.admin.cells import plain
from app.admin.describe import Field, describe
from app.admin.lists.address import with_query
from app.admin.titles import title_of
from app.db import session
from app.i18n import gettext as _
from app.locale import show_decimal
from app.session import INCLUDE_DELETED

ADDITIVE = ("count", "sum")
AVERAGE_SCALE = 2


class ChartFigures:
    """Puts the figures of one chart of one view into words."""

    def __init__(self, view: Any, wanted: ChartRequest, data: ChartData) -> None:
        self.view, self.wanted, self.data = view, wanted, data
        self.groups = self._groups()
        self.x_labels = self._labels(wanted.x, self.groups)
        self.s_labels = self._labels(wanted.series, data.series) if wanted.series else {}

    @property
    def figure_label(self) -> str:
        """“Sum of Amount (PEN)”, or “Count”."""
        name = str(function_labels()[self.wanted.function])
        if self.wanted.y is None:
            return name
        label = _("%(function)s of %(column)s", function=name, column=_(self.wanted.y.label))
        return f"{label} ({self.data.currency})" if self.data.currency else label

    @property
    def series_labels(self) -> tuple[str, ...]:
        if self.wanted.series is None:
            return (self.figure_label,)
        return tuple(self.s_labels[key] for key in self.data.series)

    def rows(self) -> tuple[ChartRow, ...]:
        return tuple(
            ChartRow(
                label=self.x_labels[group],
                cells=tuple(self._cell(group, series) for series in self.data.series),
                url=self._url(group, None) if self.wanted.series is not None else "",
            )
            for group in self.groups
        )

    def totals(self) -> tuple[ChartCell, ...]:
        """Per series, where adding up the groups means something."""
        if self.wanted.function not in ADDITIVE or len(self.groups) < 2:  # noqa: PLR2004 - two add up
            return ()
        sums = (
            sum((self.data.values.get((g, s)) or 0 for g in self.groups), Decimal(0))
            for s in self.data.series
        )
        return tuple(ChartCell(self._text(value), float(value), str(value)) for value in sums)

    def _groups(self) -> tuple[Any, ...]:
        """Over time without gaps; rows without a date come last."""
        found = self.data.groups
        if self.wanted.x.kind not in TIMES:
            return found
        days = sorted(key for key in found if key is not None)
        filled = list(without_gaps(days, self.data.every, MAX_TIMES)) if days else []
        if days and filled[-1] < days[-1]:
            filled = days
        return (*filled, *(key for key in found if key is None))

    def _cell(self, group: Any, series: Any) -> ChartCell:
        value = self.data.values.get((group, series))
        if value is None and self.wanted.function in ADDITIVE:
            value = 0
        if value is None:
            return ChartCell("–", None)
        return ChartCell(self._text(value), float(value), str(value), self._url(group, series))

    def _text(self, value: Decimal | int) -> str:
        column = self.wanted.y
        scale = min(column.scale, AVERAGE_SCALE) if column is not None else 0
        if self.wanted.function == "avg":
            scale, value = AVERAGE_SCALE, round(Decimal(value), AVERAGE_SCALE)
        return show_decimal(value, scale)

    def _labels(self, field: Field, keys: Iterable[Any]) -> dict[Any, str]:
        keys = list(keys)
        labels = {None: _("(empty)"), OTHERS: _("Others")}
        known = [key for key in keys if key is not None and key is not OTHERS]
        if field.target is not None:
            labels |= _titles(field, known)
        elif field.kind in TIMES:
            labels |= {key: period_label(key, self.data.every) for key in known}
        else:
            labels |= {key: plain(field, key) for key in known}
        return labels

    def _url(self, group: Any, series: Any) -> str:
        """The list of the rows behind a figure; empty where no filter says which they are."""
        args: dict[str, list[str]] = {
            name: request.args.getlist(name)
            for name in request.args
            if name not in OWN_ARGUMENTS | {"view"}
        }
        wanted = [(self.wanted.x, group)]
        if self.wanted.series is not None and series is not None:
            wanted.append((self.wanted.series, series))
        if self.data.currency and self.data.money is not None:
            own = self.view.description.fields.get(self.data.money.name)
            if own is None or own.column is not self.data.money.column:
                return self._plain_url(args, wanted)
            wanted.append((own, self.data.currency))
        return self._plain_url(args, wanted)

    def _plain_url(self, args: dict[str, list[str]], wanted: list[tuple[Field, Any]]) -> str:
        for field, key in wanted:
            if key is OTHERS:
                return ""
            for name, value in self._conditions(field, key):
                args.setdefault(f"_flt_{name}_{field.name}", []).append(value)
        return with_query(f"{self.view.endpoint}.list", args)

    def _conditions(self, field: Field, key: Any) -> list[tuple[str, str]]:
        if key is None:
            return [("empty", "1")]
        if field.kind in TIMES:
            after: dt.date = next_period(key, self.data.every)
            return [("gte", key.isoformat()), ("lt", after.isoformat())]
        if field.kind == "boolean":
            return [("eq", "true" if key else "false")]
        return [("eq", str(key))]


def _titles(field: Field, keys: list[Any]) -> dict[Any, str]:
    """What the related rows are called; those out of the reader's reach have no name."""
    target: Any = field.target
    name = describe(target).keys[0]
    key = getattr(target, name)
    statement = rows_for(target, sa.select(target)).where(key.in_(keys))
    rows = session().scalars(statement, execution_options=INCLUDE_DELETED)
    found = {getattr(row, name): title_of(row) for row in rows}
    return {key: found.get(key, _("Not visible to you")) for key in keys}

"""A chart as its address asks for it: what is grouped by what, and which figure is shown.

``x`` is the column of the groups (``every`` day, week, month, quarter or year for dates), ``fn``
and ``y`` the figure, ``series`` a second column, ``kind`` how it is drawn, ``top`` how many groups
stand for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.admin.access import readable
from app.admin.describe import NUMERIC_KINDS, Description, Field
from app.admin.money import summable
from app.i18n import gettext as _

TIMES = ("date", "datetime")
GROUPING_KINDS = frozenset(
    {"relation", "choice", "boolean", "date", "datetime", "text", "integer", "decimal", "email"}
)
UNITS = ("day", "week", "month", "quarter", "year")
FUNCTIONS = ("count", "sum", "avg", "min", "max")
KINDS = ("bar", "line", "pie", "table")
TOPS = (5, 10, 20, 50)
DEFAULT_TOP = 10


@dataclass(frozen=True, slots=True)
class ChartRequest:
    """``y`` is None for a count of rows; ``series`` None for one series; ``every`` is "" for a
    column that is no date."""

    x: Field
    every: str
    function: str
    y: Field | None
    series: Field | None
    kind: str
    top: int
    currency: str


def grouping_fields(description: Description) -> list[Field]:
    """Columns that the reader may group by: not keys of the row itself, prose or structures."""
    fields = [f for f in readable(description) if f.kind in GROUPING_KINDS]
    own = {"version", *description.keys}
    return [f for f in fields if f.name not in own or f.target is not None]


def figure_fields(description: Description) -> list[Field]:
    """Numbers that can be added up, for money with a currency that the reader may see."""
    return [
        field
        for field in readable(description)
        if field.kind in NUMERIC_KINDS
        and not field.plain
        and field.name != "version"
        and summable(field, description.model)
    ]


def read_chart_request(
    args: Mapping[str, str], description: Description, usual: tuple[str, ...]
) -> ChartRequest | None:
    """Understand the address; what can't be used falls back to a usual choice.

    ``usual`` are columns to group by when none is named, the first that the reader may see. None
    when there is nothing to group by.
    """
    groups = {field.name: field for field in grouping_fields(description)}
    figures = {field.name: field for field in figure_fields(description)}
    names = (args.get("x", ""), *usual, *groups)
    x = next((groups[name] for name in names if name in groups), None)
    if x is None:
        return None
    function, y = args.get("fn", ""), figures.get(args.get("y", ""))
    if function not in FUNCTIONS or y is None:
        function, y = "count", None
    if function == "count":
        y = None
    series = groups.get(args.get("series", ""))
    return ChartRequest(
        x=x,
        every=_one_of(args.get("every", ""), UNITS, "month") if x.kind in TIMES else "",
        function=function,
        y=y,
        series=series if series is not x and _suits_series(series) else None,
        kind=_one_of(args.get("kind", ""), KINDS, "line" if x.kind in TIMES else "bar"),
        top=int(_one_of(args.get("top", ""), tuple(map(str, TOPS)), str(DEFAULT_TOP))),
        currency=args.get("currency", ""),
    )


def _suits_series(field: Field | None) -> bool:
    return field is not None and field.kind not in TIMES


def series_fields(description: Description) -> list[Field]:
    """Columns that can make the series of a chart."""
    return [field for field in grouping_fields(description) if _suits_series(field)]


def _one_of(text: str, known: tuple[str, ...], usual: str) -> str:
    return text if text in known else usual


def unit_labels() -> dict[str, Any]:
    return {
        "day": _("Day"),
        "week": _("Week"),
        "month": _("Month"),
        "quarter": _("Quarter"),
        "year": _("Year"),
    }


def function_labels() -> dict[str, Any]:
    return {
        "count": _("Count"),
        "sum": _("Sum"),
        "avg": _("Average"),
        "min": _("Minimum"),
        "max": _("Maximum"),
    }


def kind_labels() -> dict[str, Any]:
    return {"bar": _("Bars"), "line": _("Line"), "pie": _("Pie"), "table": _("Table")}

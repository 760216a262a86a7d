"""What a list of the API is asked for: FAB's ``q``, and plain arguments for people.

``?status=paid&total[gte]=100&search=…&sort=-created_at&fields=…&expand=…&limit=50&cursor=…&count=none``
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.admin.access import may_see
from app.admin.describe import Description
from app.admin.lists.filters import FilterError
from app.admin.lists.listing import Order
from app.i18n import gettext as _

DEFAULT_SIZE, MAX_SIZE = 25, 200
MAX_OFFSET = 10_000_000
MAX_SEARCH = 200
COUNTS = ("estimate", "exact", "none")
# Names that no column may have: `sort=…` would be taken for this one.
PLAIN = {
    "search": "Text to find in the search columns of the table",
    "filter": 'Conditions in groups, as JSON: {"or":[["status","eq","paid"],["total","gt",100]]}',
    "sort": "Column to order by, with - in front for descending; otherwise the table's own order",
    "fields": "Only these columns, separated by commas; customer.name of what belongs to the row",
    "expand": "What belongs to the row, to show with it: customer,items.variant",
    "limit": f"Rows of a page, {DEFAULT_SIZE} if not said, at most {MAX_SIZE}",
    "cursor": "Where to go on: from the next of the page before",
    "count": "estimate (above 20,000 rows, if not said), exact, or none, which is fastest",
}
IGNORED = frozenset({"q", "_l_"})
_ARGUMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[([a-z_]+)\])?")
EQUAL = "eq"


@dataclass(frozen=True, slots=True)
class Condition:
    column: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class ListArguments:
    conditions: tuple[Condition, ...]
    tree: str
    search: str
    order: Order
    size: int
    after: str
    offset: int
    count: str
    fields: tuple[str, ...]
    expand: tuple[str, ...]


def read_arguments(
    given: MultiDict[str, str], rison: dict[str, Any], description: Description, default: Order
) -> ListArguments:
    """Understand the address; plain arguments win over those of ``q``.

    Raises :class:`FilterError` for whatever isn't offered: nothing is silently left out.
    """
    size = _size(given.get("limit")) or min(rison.get("page_size", DEFAULT_SIZE), MAX_SIZE)
    return ListArguments(
        conditions=(*_conditions_of_q(rison), *_conditions(given)),
        tree=given.get("filter", ""),
        search=(given.get("search") or rison.get("search", "")).strip()[:MAX_SEARCH],
        order=_order(given.get("sort"), rison, description) or default,
        size=size,
        after=given.get("cursor") or rison.get("after", ""),
        offset=0 if "cursor" in given else min(rison.get("page", 0) * size, MAX_OFFSET),
        count=_one_of(COUNTS, given.get("count", COUNTS[0])),
        fields=tuple(_names(given, "fields") or rison.get("columns", ())),
        expand=tuple(_names(given, "expand")),
    )


def names_given(given: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """The list that an argument holds, for an address that takes nothing else."""
    return tuple(_names(given, name))


def _conditions_of_q(rison: dict[str, Any]) -> Iterable[Condition]:
    for item in rison.get("filters", ()):
        yield Condition(item["col"], item["opr"], item.get("value", ""))


def _conditions(given: MultiDict[str, str]) -> Iterable[Condition]:
    for argument, value in given.items(multi=True):
        if argument in IGNORED or argument in PLAIN:
            continue
        match = _ARGUMENT.fullmatch(argument)
        if match is None:
            raise FilterError(_("The filter “%(name)s” doesn't exist here.", name=argument))
        yield Condition(match[1], match[2] or EQUAL, value)


def _order(text: str | None, rison: dict[str, Any], description: Description) -> Order | None:
    if text:
        return _sortable(text.removeprefix("-"), description, descending=text.startswith("-"))
    if (column := rison.get("order_column")) is None:
        return None
    return _sortable(column, description, descending=rison.get("order_direction") == "desc")


def _sortable(column: str, description: Description, *, descending: bool) -> Order:
    field = description.fields.get(column)
    if field is None or not may_see(field) or not field.sortable:
        raise FilterError(_("The list can't be ordered by “%(name)s”.", name=column))
    return Order(column, descending=descending)


def _size(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MAX_SIZE:
        raise FilterError(_("“limit” is a number from 1 to %(most)s.", most=MAX_SIZE))
    return int(text)


def _one_of(allowed: tuple[str, ...], value: str) -> str:
    if value not in allowed:
        raise FilterError(_("“count” is one of: %(words)s.", words=", ".join(allowed)))
    return value


def _names(given: MultiDict[str, str], argument: str) -> list[str]:
    parts = ",".join(given.getlist(argument)).split(",")
    return [name for part in parts if (name := part.strip())]

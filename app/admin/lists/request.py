"""A list as its URL asks for it: search, filters, order and page.

``q`` searches; ``_flt_<operator>_<column>=value`` filters (repeatable); ``sort=-created_at``
orders; ``after``/``before`` are page tokens; ``size`` rows a page; ``trash=1`` shows deleted rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.admin.access import may_see
from app.admin.describe import Description
from app.admin.lists.filters import ColumnFilter, FilterError
from app.admin.lists.listing import Listing, Order
from app.i18n import gettext as _

PREFIX = "_flt_"
SIZES = (25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    argument: str
    value: str
    filter: ColumnFilter


@dataclass(frozen=True, slots=True)
class ListRequest:
    search: str
    filters: tuple[ActiveFilter, ...]
    order: Order
    after: str
    before: str
    size: int
    in_trash: bool
    mistakes: tuple[str, ...]


def read_list_request(
    args: MultiDict[str, str], description: Description, converter: Any, default: Order
) -> ListRequest:
    """Understand the URL; what can't be used is left out and named in ``mistakes``."""
    mistakes: list[str] = []
    filters = []
    for argument, value in args.items(multi=True):
        if argument.startswith(PREFIX):
            found = _filter(argument, value, converter)
            if found is None:
                mistakes.append(_("The filter “%(name)s” doesn't exist here.", name=argument))
            else:
                filters.append(found)
    return ListRequest(
        search=args.get("q", "").strip()[:200],
        filters=tuple(filters),
        order=_order(args.get("sort", ""), description) or default,
        after=args.get("after", ""),
        before=args.get("before", ""),
        size=_size(args.get("size", "")),
        in_trash=description.soft_delete and args.get("trash") == "1",
        mistakes=tuple(mistakes),
    )


def _filter(argument: str, value: str, converter: Any) -> ActiveFilter | None:
    operator, _separator, column = argument.removeprefix(PREFIX).partition("_")
    for candidate in converter.convert(column):
        if candidate.arg_name == operator:
            return ActiveFilter(argument, value, candidate)
    return None


def _order(text: str, description: Description) -> Order | None:
    field = description.fields.get(text.removeprefix("-"))
    if field is None or not may_see(field) or not field.sortable:
        return None
    return Order(field.name, descending=text.startswith("-"))


def _size(text: str) -> int:
    return int(text) if text.isdigit() and int(text) in SIZES else SIZES[0]


def apply(wanted: ListRequest, listing: Listing, search_columns: tuple[str, ...]) -> list[str]:
    """Narrow the listing; returns sentences about values that don't fit their column."""
    mistakes = list(wanted.mistakes)
    if wanted.search and search_columns:
        listing.search(wanted.search, search_columns)
    for active in wanted.filters:
        try:
            listing.statement = active.filter.apply(listing.statement, active.value)
        except FilterError as error:
            mistakes.append(error.message)
    return mistakes

"""A list as its URL asks for it: search, filters, order, page and columns.

``q`` searches; ``_flt_<operator>_<column>=value`` filters (repeatable, all must hold); ``filter``
is a tree of conditions as JSON (``app.admin.lists.tree``); ``sort=-created_at`` orders;
``after``/``before`` are page tokens; ``size`` rows a page; ``columns=number,status`` shows these;
``trash=1`` shows deleted rows; ``view`` is the saved view that all this began with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.admin.access import may_see
from app.admin.describe import Description
from app.admin.lists.filters import ColumnFilter, FilterConverter, FilterError
from app.admin.lists.listing import Listing, Order
from app.admin.lists.tree import Condition, Group, parse_filter
from app.i18n import gettext as _

PREFIX = "_flt_"
FILTER = "filter"
SIZES = (25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A condition that has an argument of the address to itself."""

    argument: str
    value: str
    filter: ColumnFilter

    @property
    def condition(self) -> Condition:
        return Condition(self.filter, self.value if self.filter.takes_value else "")


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What was asked for; ``size`` is 0 and ``columns`` empty where the address doesn't say.

    ``filters`` and ``tree`` together narrow the list.
    """

    search: str
    filters: tuple[ActiveFilter, ...]
    order: Order
    after: str
    before: str
    size: int
    in_trash: bool
    mistakes: tuple[str, ...]
    tree: Group = field(default_factory=Group)
    columns: tuple[str, ...] = ()
    view: int | None = None

    @property
    def conditions(self) -> Group:
        """All conditions as one tree."""
        return Group("and", (*(f.condition for f in self.filters), *self.tree.all_of()))


def read_list_request(
    args: MultiDict[str, str], description: Description, datamodel: Any, default: Order
) -> ListRequest:
    """Understand the URL; what can't be used is left out and named in ``mistakes``."""
    filters, mistakes = _read_filters(args, FilterConverter(datamodel))
    tree, unread = parse_filter(args.get(FILTER, ""), datamodel)
    return ListRequest(
        search=args.get("q", "").strip()[:200],
        filters=tuple(filters),
        order=_order(args.get("sort", ""), description) or default,
        after=args.get("after", ""),
        before=args.get("before", ""),
        size=_size(args.get("size", "")),
        in_trash=description.soft_delete and args.get("trash") == "1",
        mistakes=(*mistakes, *unread),
        tree=tree,
        columns=tuple(name for name in args.get("columns", "").split(",") if name),
        view=args.get("view", type=int),
    )


def _read_filters(
    args: MultiDict[str, str], converter: FilterConverter
) -> tuple[list[ActiveFilter], list[str]]:
    """The filters of ``_flt_`` arguments that can be used, and what was wrong with the others."""
    filters, mistakes = [], []
    for argument, value in args.items(multi=True):
        if not argument.startswith(PREFIX):
            continue
        operator, _underscore, column = argument.removeprefix(PREFIX).partition("_")
        chosen = converter.find(column, operator)
        if chosen is None:
            mistakes.append(_("The filter “%(name)s” doesn't exist here.", name=argument))
            continue
        active = ActiveFilter(argument, value, chosen)
        try:
            active.condition.sql()
        except FilterError as error:
            mistakes.append(error.message)
        else:
            filters.append(active)
    return filters, mistakes


def _order(text: str, description: Description) -> Order | None:
    field = description.fields.get(text.removeprefix("-"))
    if field is None or not may_see(field) or not field.sortable:
        return None
    return Order(field.name, descending=text.startswith("-"))


def _size(text: str) -> int:
    return int(text) if text.isdigit() and int(text) in SIZES else 0


def apply(wanted: ListRequest, listing: Listing, search_columns: tuple[str, ...]) -> list[str]:
    """Narrow the listing; returns sentences about what couldn't be used."""
    if wanted.search and search_columns:
        listing.search(wanted.search, search_columns)
    if (conditions := wanted.conditions).parts:
        narrowing: sa.ColumnElement[bool] = conditions.sql()
        listing.statement = listing.statement.where(narrowing)
    return list(wanted.mistakes)

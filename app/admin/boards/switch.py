"""The ways to look at the rows of a list: links that keep its search, filters and view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, request

from app.admin.access import may_see
from app.admin.boards.declare import TableBoards, boards_of
from app.admin.lists.address import with_query
from app.admin.registry import Table
from app.i18n import gettext as _

# What is about one way of looking only, and means nothing to the others.
OWN_ARGUMENTS = frozenset(
    {
        "after",
        "before",
        "size",
        "by",
        "span",
        "day",
        "x",
        "y",
        "every",
        "series",
        "fn",
        "kind",
        "top",
    }
    | {"currency", "column"}
)


@dataclass(frozen=True, slots=True)
class Way:
    """``name`` is that of the screen; ``active`` marks the one that is open."""

    name: str
    label: str
    icon: str
    url: str
    active: bool


ROUTES = {
    "board": ("board", "board_more", "board_totals", "move_card"),
    "calendar": ("calendar", "move_event"),
    "tree": ("tree", "branch", "move_branch"),
    "gallery": ("gallery",),
}
"""The routes of each view that a table may lack."""


def routes_left_out(table: Table, *, read_only: bool) -> set[str]:
    """Methods that are no routes of this table: of views it doesn't have, and those that write."""
    boards = boards_of(table.model, table.boards)
    there = set(_boards(boards))
    left_out = {name for view, names in ROUTES.items() if view not in there for name in names}
    if read_only:
        left_out |= {"move_event", "move_branch"}
        left_out |= set() if boards.kanban.moves else {"move_card"}
    return left_out


def _boards(boards: TableBoards) -> Iterator[str]:
    if boards.kanban.columns:
        yield "board"
    if boards.calendar.spans:
        yield "calendar"
    if boards.tree.parent:
        yield "tree"
    if boards.gallery.picture:
        yield "gallery"


def _shown(view: Any) -> Iterator[str]:
    """The ways that the reader may use: their columns must not be hidden from them."""
    boards: TableBoards = boards_of(view.table.model, view.table.boards)
    hidden = {f.name for f in view.description.fields.values() if not may_see(f)}
    needed = {
        "board": boards.kanban.columns,
        "calendar": tuple(start for start, _end in boards.calendar.spans),
        "tree": (boards.tree.parent,),
        "gallery": (boards.gallery.picture,),
    }
    for name in ("list", *_boards(boards), "chart"):
        if view.may(name) and (name not in needed or set(needed[name]) - hidden):
            yield name


def ways_to_look() -> tuple[Way, ...]:
    """The links for the view that answers this request; none for a page that isn't one."""
    views: Any = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    view = next((v for v in views if v.endpoint == request.blueprint), None)
    if view is None or not hasattr(view, "table"):
        return ()
    here = str(request.endpoint).rpartition(".")[2]
    kept = {name: request.args.getlist(name) for name in request.args if name not in OWN_ARGUMENTS}
    labels = {
        "list": (_("List"), "list"),
        "board": (_("Board"), "layout-kanban"),
        "calendar": (_("Calendar"), "calendar"),
        "tree": (_("Tree"), "binary-tree"),
        "gallery": (_("Gallery"), "photo"),
        "chart": (_("Chart"), "chart-bar"),
    }
    return tuple(
        Way(name, *labels[name], with_query(f"{view.endpoint}.{name}", kept), name == here)
        for name in _shown(view)
    )

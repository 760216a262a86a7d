"""The menu of saved views in the head of a list, and the addresses that open them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import current_app, url_for
from werkzeug.datastructures import MultiDict

from app.admin.access import reader
from app.admin.lists.address import PAGING, Address, with_query
from app.admin.lists.request import ListRequest
from app.admin.lists.settings import ListSettings
from app.admin.pages import ViewLink, ViewsMenu
from app.services.workspace.find_views import find_views
from models.workspace import SavedView

VIEW, COLUMNS = "view", "columns"
NOT_KEPT = frozenset({*PAGING, VIEW, COLUMNS, "_l_"})
ICONS = {
    "list": "list",
    "board": "layout-kanban",
    "calendar": "calendar",
    "tree": "binary-tree",
    "gallery": "photo",
    "chart": "chart-bar",
}

Pairs = Iterable[tuple[str, str]]


def query_to_keep(args: MultiDict[str, str]) -> tuple[str, tuple[str, ...]]:
    """(query string, columns) of an address: what a saved view remembers of it."""
    pairs = [pair for pair in args.items(multi=True) if pair[0] not in NOT_KEPT]
    return urlencode(pairs), tuple(filter(None, args.get(COLUMNS, "").split(",")))


def url_of_view(view: Any, saved: SavedView) -> str:
    """The address that opens a saved view, of a list or of another way to look at its rows."""
    endpoint = f"{view.endpoint}.{saved.kind}"
    if endpoint not in current_app.view_functions:
        endpoint = f"{view.endpoint}.list"
    args: MultiDict[str, Any] = MultiDict(parse_qsl(saved.query))
    if saved.columns:
        args[COLUMNS] = ",".join(saved.columns)
    args[VIEW] = str(saved.id)
    return with_query(endpoint, {name: args.getlist(name) for name in args})


def views_menu(view: Any, screen: str, address: Address, wanted: ListRequest) -> ViewsMenu:
    """The reader's views and the shared ones, in one SQL statement; marks the one in use."""
    me = reader().user_id
    found = find_views(view.description.resource, me)
    current = next((saved for saved in found if saved.id == wanted.view), None)
    bare = url_for(f"{view.endpoint}.{screen}", view=0)
    return ViewsMenu(
        all_url=bare,
        dialog_url=address.elsewhere(f"{view.endpoint}.list_views", screen=screen),
        links=tuple(
            ViewLink(
                label=saved.name,
                url=url_of_view(view, saved),
                icon=ICONS[saved.kind],
                shared=saved.is_shared,
                mine=saved.user_id == me,
                current=saved is current,
            )
            for saved in found
        ),
        current=current.name if current is not None else "",
        modified=current is not None and _differs(current, screen, address.pairs()),
    )


def default_view(view: Any, settings: ListSettings) -> SavedView | None:
    """The view that the list opens with: the reader's choice, else the one shared as default."""
    if settings.view == 0:
        return None
    found = find_views(view.description.resource, reader().user_id)
    chosen = (saved for saved in found if saved.id == settings.view)
    shared = (saved for saved in found if saved.is_default)
    return next(chosen, None) or next(shared, None)


def _differs(saved: SavedView, screen: str, pairs: Pairs) -> bool:
    query, columns = query_to_keep(MultiDict(pairs))
    same = sorted(parse_qsl(query)) == sorted(parse_qsl(saved.query))
    return not same or columns != tuple(saved.columns or ()) or screen != saved.kind

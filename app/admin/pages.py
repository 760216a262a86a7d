"""What the generated pages show: plain values that the views fill and the templates draw.

Everything here is ready to print: labels are translated, URLs complete, values formatted and
escaped. Templates decide only how it looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column head. ``sort_url`` is empty where the list can't be sorted by it; ``sorted`` is
    "asc", "desc" or ""; ``numeric`` aligns right; ``editable`` cells can be changed in place."""

    name: str
    label: str
    sort_url: str = ""
    sorted: str = ""
    numeric: bool = False
    editable: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``cells`` go with the page's columns; ``url`` opens the record."""

    pk: str
    url: str
    cells: tuple[Markup, ...]
    edit_url: str = ""
    copy_url: str = ""
    inline_url: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class FilterChip:
    """An active filter in words (“Status: draft”) and the list without it."""

    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class FilterBox:
    """The filters of a list. ``fields_url`` tells the builder what can be filtered on, ``tree`` is
    what it starts with (``app.admin.lists.tree``), ``titles`` what related rows are called in it
    (both JSON); ``hidden_args`` are what it must carry along."""

    fields_url: str
    hidden_args: tuple[tuple[str, str], ...] = ()
    tree: str = ""
    titles: str = "{}"
    chips: tuple[FilterChip, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column that a list may show."""

    name: str
    label: str
    shown: bool


@dataclass(frozen=True, slots=True)
class TotalCell:
    """What stands below a column: ``values`` are (currency or "", number); ``possible`` is off
    where the column can't be totalled."""

    column: str
    label: str
    possible: bool
    aggregate: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SavedViewRow:
    """A saved view in the dialog about them, with what the reader may do with it."""

    id: int
    name: str
    owner: str
    mine: bool
    shared: bool
    default: bool
    opens: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved view in the menu of a list."""

    label: str
    url: str
    icon: str
    shared: bool = False
    mine: bool = True
    current: bool = False


@dataclass(frozen=True, slots=True)
class ViewsMenu:
    """The saved views of a list. ``current`` is the name of the one in use, ``modified`` whether
    something was changed since; ``dialog_url`` opens what can be done with them."""

    all_url: str
    dialog_url: str
    links: tuple[ViewLink, ...] = ()
    current: str = ""
    modified: bool = False


@dataclass(frozen=True, slots=True)
class ShortcutLink:
    """A filter of the table that is one click away; its address takes it away where it is on."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What can be done with selected rows: a form is posted to ``url``, with ``field`` if any."""

    label: str
    url: str
    icon: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class BulkBar:
    """What the bar under a list offers while rows are selected."""

    actions: tuple[BulkAction, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """A list. ``count`` is exact unless ``count_is_estimate``; ``next_url``/``previous_url`` are
    empty at the ends; ``hidden_args`` are (name, value) pairs that the search and filter forms must
    carry along; ``trash_url`` switches between live and deleted rows (empty: no soft delete).
    ``address`` is the page itself; ``columns_url``, ``count_url`` and ``totals_url`` give fragments
    about the same rows, to ``settings_url`` the page size is posted."""

    title: str
    icon: str
    domain: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    count: int
    count_is_estimate: bool
    first: int
    last: int
    list_url: str
    add_url: str = ""
    first_url: str = ""
    previous_url: str = ""
    next_url: str = ""
    search: str = ""
    searches: str = ""
    can_search: bool = False
    filter: FilterBox | None = None
    clear_url: str = ""
    hidden_args: tuple[tuple[str, str], ...] = ()
    page_size: int = 25
    page_sizes: tuple[int, ...] = ()
    address: str = ""
    settings_url: str = ""
    columns_url: str = ""
    count_url: str = ""
    totals_url: str = ""
    views: ViewsMenu | None = None
    shortcuts: tuple[ShortcutLink, ...] = ()
    trash_url: str = ""
    in_trash: bool = False
    read_only: bool = False
    bulk: BulkBar | None = None
    export_url: str = ""
    import_url: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a record page. ``wide`` takes the whole row (prose, JSON)."""

    name: str
    label: str
    html: Markup
    help: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    items: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class RelatedList:
    """Rows elsewhere that point here; the table is loaded from ``url`` when opened."""

    label: str
    icon: str
    url: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record. URLs are empty where the user may not do it. ``sections`` hold ``Value``s;
    ``history_url`` has its changes, ``timeline_url`` what happened around it, both as fragments;
    ``counts_url`` the lengths of the related lists by name, as JSON. ``facts`` are for its head."""

    title: str
    kind: str
    icon: str
    domain: str
    list_url: str
    list_label: str
    sections: tuple[Section, ...]
    related: tuple[RelatedList, ...] = ()
    edit_url: str = ""
    delete_url: str = ""
    restore_url: str = ""
    purge_url: str = ""
    copy_url: str = ""
    deleted: str = ""
    soft_delete: bool = False
    url: str = ""
    actions: tuple[Link, ...] = ()
    history_url: str = ""
    timeline_url: str = ""
    counts_url: str = ""
    facts: tuple[Value, ...] = ()

"""What the generated pages show: plain values that the views fill and the templates draw.

Everything here is ready to print: labels are translated, URLs complete, values formatted and
escaped. Templates decide only how it looks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
    "asc", "desc" or ""; ``numeric`` aligns right."""

    name: str
    label: str
    sort_url: str = ""
    sorted: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """``cells`` go with the page's columns; ``url`` opens the record."""

    pk: str
    url: str
    cells: tuple[Markup, ...]
    edit_url: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class FilterChip:
    """An active filter in words (“Status: draft”) and the list without it."""

    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class FilterField:
    """A column that can be filtered on: its operators and the input for the value.

    ``kind`` is text, number, date, datetime, bool, choice or relation; ``operators`` are
    (code, label); ``options`` (value, label) of a choice; ``lookup_url`` of a relation.
    The form sends ``_flt_<operator>_<name>=value``.
    """

    name: str
    label: str
    kind: str
    operators: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...] = ()
    lookup_url: str = ""


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
    carry along; ``trash_url`` switches between live and deleted rows (empty: no soft delete)."""

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
    chips: tuple[FilterChip, ...] = ()
    clear_url: str = ""
    filters: tuple[FilterField, ...] = ()
    hidden_args: tuple[tuple[str, str], ...] = ()
    page_size: int = 25
    page_sizes: tuple[Link, ...] = ()
    trash_url: str = ""
    in_trash: bool = False
    read_only: bool = False
    bulk: BulkBar | None = None


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


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One record. URLs are empty where the user may not do it. ``sections`` hold ``Value``s;
    ``history_url`` has its changes, as a fragment."""

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
    deleted: str = ""
    soft_delete: bool = False
    url: str = ""
    actions: tuple[Link, ...] = ()
    history_url: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else changed since the form was opened."""

    label: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class FormPage:
    """An add or edit form. ``sections`` hold bound WTForms fields; each field's ``kind`` (text,
    textarea, number, money, percent, checkbox, date, datetime, select, relation, json, tags, color,
    url, email) is in ``field.render_kw["data-kind"]``. ``error`` is a sentence about the whole
    record; ``conflicts`` is filled when a newer version was saved meanwhile."""

    title: str
    kind: str
    icon: str
    domain: str
    list_url: str
    list_label: str
    cancel_url: str
    form: Any
    sections: tuple[Section, ...]
    is_new: bool
    error: str = ""
    conflicts: tuple[Conflict, ...] = field(default_factory=tuple)

"""What a list offers to do with the rows that are selected on it."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.admin.bulk.fields import editable, owner_choices, settable, tag_lists
from app.admin.lists.address import with_query
from app.admin.pages import BulkAction, BulkBar
from app.i18n import gettext as _

PAGING = ("after", "before")


def bulk_bar(view: Any, *, in_trash: bool) -> BulkBar | None:
    """The actions that the user may do with rows of this list; None when there are none."""
    found = _in_trash(view) if in_trash else _live(view)
    return BulkBar(actions=tuple(found)) if found else None


def _live(view: Any) -> list[BulkAction]:
    found = []
    if view.may("bulk_edit") and settable(view.description):
        found.append(_action(view, "bulk_edit", _("Edit"), "pencil"))
        if owner := owner_choices(view.description):
            found.append(_action(view, "bulk_edit", _("Assign"), "user-check", owner[0].name))
    if view.may("bulk_tag") and tag_lists(view.description):
        found.append(_action(view, "bulk_tag", _("Tags"), "tags"))
    if view.may("bulk_delete"):
        found.append(_action(view, "bulk_delete", _("Delete"), "trash"))
    if view.may("export"):
        found.append(_action(view, "export", _("Export"), "download"))
    own = view.table.rules().selection_links()
    return found + [BulkAction(o.label, with_query(o.url, _listed()), o.icon) for o in own]


def _in_trash(view: Any) -> list[BulkAction]:
    found = []
    if view.may("bulk_restore"):
        found.append(_action(view, "bulk_restore", _("Restore"), "arrow-back-up"))
    if view.may("bulk_purge"):
        found.append(_action(view, "bulk_purge", _("Delete for good"), "trash-x"))
    return found


def _action(view: Any, method: str, label: str, icon: str, field: str = "") -> BulkAction:
    return BulkAction(label, with_query(f"{view.endpoint}.{method}", _listed()), icon, field)


def _listed() -> dict[str, list[str]]:
    """The list's own address goes along: it says which rows “all” are."""
    return {name: request.args.getlist(name) for name in request.args if name not in PAGING}


def editable_names(view: Any) -> frozenset[str]:
    """Columns whose cells can be changed on the list."""
    if not view.may("inline"):
        return frozenset()
    return frozenset(field.name for field in editable(view.description))


def inline_url(view: Any, pk: str) -> str:
    """Where the cells of a row are changed; the column's name goes after it."""
    return url_for(f"{view.endpoint}.inline", pk=pk, name="-").removesuffix("-")

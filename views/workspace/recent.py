"""The records that the reader looked at last, as far as they are still there to be read."""

from __future__ import annotations

from typing import Any

from flask import current_app

from app.admin.describe import describe
from app.admin.model_view import TableView
from app.i18n import gettext as _
from app.search.find import Hit, hit_of, rows_by_key
from app.security.rights import may_read
from app.services.workspace.recent_records import recent_records


def recent_hits(user_id: int, limit: int) -> list[Hit]:
    """The latest first; one statement, and one for each table among them.

    Named as they are now: what was deleted, or is out of the reader's reach since, is left out.
    """
    views = _views_by_table()
    noted = [row for row in recent_records(user_id, limit) if row.table_name in views]
    keys: dict[str, list[str]] = {}
    for row in noted:
        keys.setdefault(row.table_name, []).append(row.record_key)
    rows = {table: rows_by_key(views[table], found) for table, found in keys.items()}
    return [
        _named(views[row.table_name], rows[row.table_name][row.record_key])
        for row in noted
        if row.record_key in rows[row.table_name]
    ]


def _named(view: Any, row: Any) -> Hit:
    hit = hit_of(view, row)
    return Hit(hit.title, hit.url, hit.icon, _(view.description.label))


def _views_by_table() -> dict[str, TableView]:
    views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    return {
        describe(view.table.model).resource: view
        for view in views
        if isinstance(view, TableView) and may_read(view.table.model)
    }

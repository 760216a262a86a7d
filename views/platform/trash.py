"""What is in the trash, over all tables: how much, the newest, and when it goes for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_appbuilder.security.decorators import permission_name

from app.access.rows import row_condition
from app.admin.access import reader
from app.admin.screens import TableScreens
from app.db import session
from app.i18n import gettext as _
from app.locale import show_datetime
from app.services.platform.read_setting import read_setting
from app.session import INCLUDE_DELETED


@dataclass(frozen=True, slots=True)
class TableTrash:
    """The deleted rows of one table that the person may bring back."""

    label: str
    domain: str
    icon: str
    count: int
    newest: str
    url: str
    kept: bool


class TrashView(BaseView):
    route_base = "/platform/trash"
    class_permission_name = "platform.trash"
    default_view = "trash"

    @expose("/")
    @has_access
    @permission_name("read")
    def trash(self) -> Any:
        return self.render_template(
            "platform/trash.html",
            title=_("Trash"),
            tables=tables_with_trash(self.appbuilder.baseviews),
            days=read_setting("security.trash_days"),
        )


def tables_with_trash(views: list[Any]) -> list[TableTrash]:
    """Tables with deleted rows that the person may see, the latest deletion first.

    One statement, whatever the number of tables.
    """
    asked = [view for view in views if isinstance(view, TableScreens) and _may_look(view)]
    if not asked:
        return []
    counted = sa.union_all(*(_counting(view, index) for index, view in enumerate(asked)))
    rows = session().execute(counted, execution_options=INCLUDE_DELETED).all()
    found = sorted((row for row in rows if row.deleted), key=lambda row: row.newest, reverse=True)
    return [_shown(asked[row.place], row) for row in found]


def _may_look(view: TableScreens) -> bool:
    return (
        view.description.soft_delete
        and view.may("list")
        and (view.table.read_only or view.may("restore"))
    )


def _counting(view: TableScreens, place: int) -> Any:
    model: Any = view.description.model
    statement = sa.select(
        sa.literal(place).label("place"),
        sa.func.count().label("deleted"),
        sa.func.max(model.deleted_at).label("newest"),
    ).where(model.deleted_at.is_not(None))
    condition = row_condition(model, reader())
    return statement if condition is None else statement.where(condition)


def _shown(view: TableScreens, row: Any) -> TableTrash:
    return TableTrash(
        label=_(view.description.plural),
        domain=_(view.domain.label),
        icon=view.table.icon,
        count=row.deleted,
        newest=show_datetime(row.newest),
        url=url_for(f"{view.endpoint}.list", trash=1, sort="-deleted_at"),
        kept=view.table.read_only,
    )


def register_trash_screen(appbuilder: Any) -> None:
    """Register the page in the menu of the system, which must be there."""
    appbuilder.add_view(TrashView, "Trash", icon="trash", category="platform")

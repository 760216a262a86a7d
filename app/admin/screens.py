"""What the screens of a table share: its description, and who may do what with which row."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, request

from app.access.rows import restricted
from app.admin.access import reader
from app.admin.describe import Description
from app.admin.interface import AdminInterface
from app.admin.registry import Domain, Table
from app.security.rights import may


class TableScreens:
    """Base of the kinds of screens that ``TableView`` is put together from."""

    datamodel: AdminInterface
    domain: Domain
    table: Table
    endpoint: str
    render_template: Any
    class_permission_name: Any
    exclude_route_methods: Any
    get_method_permission: Any

    @property
    def description(self) -> Description:
        return self.datamodel.description

    def may(self, method: str) -> bool:
        """Whether this table has that screen and the user may use it."""
        if method in self.exclude_route_methods:
            return False
        return may(f"{self.class_permission_name}:{self.get_method_permission(method)}")

    def may_with(self, row: Any, method: str) -> bool:
        """Whether the user may use that screen for this very row."""
        if not self.may(method):
            return False
        action = self.get_method_permission(method)
        if not restricted(self.description.model, reader(), action):
            return True
        return self.datamodel.find(self.datamodel.key_of(row), action, deleted=True) is not None

    def find_or_404(self, pk: str, action: str = "read", *, deleted: bool = False) -> Any:
        """The row with that key, if the user may do ``action`` with it."""
        row = self.datamodel.find(pk, action, deleted=deleted)
        if row is None:
            abort(404)
        return row


def screens_of(table: str) -> TableScreens | None:
    """The generated view of ``schema.table``, None when there is none."""
    views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    generated = (view for view in views if isinstance(view, TableScreens))
    return next((view for view in generated if view.description.resource == table), None)


def is_fragment() -> bool:
    """Whether a page's script asks for a part to put into itself, and not for a page."""
    return request.headers.get("HX-Request") == "true"

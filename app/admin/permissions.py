"""One resource per table, shared by its screens and its API: read, create, update, delete."""

from __future__ import annotations

from typing import Any, ClassVar

from app.admin.boards.switch import routes_left_out
from app.admin.bulk.fields import bulk_routes_left_out
from app.admin.describe import FILE_KINDS

METHODS = {
    "list": "read",
    "list_columns": "read",
    "list_settings": "read",
    "list_filters": "read",
    "list_count": "read",
    "list_totals": "read",
    "list_views": "read",
    "keep_view": "read",
    "change_view": "read",
    "show": "read",
    "related": "read",
    "related_counts": "read",
    "timeline": "read",
    "history": "read",
    "version": "read",
    "lookup": "read",
    "file": "read",
    "board": "read",
    "board_more": "read",
    "board_totals": "read",
    "calendar": "read",
    "tree": "read",
    "branch": "read",
    "gallery": "read",
    "chart": "read",
    "chart_csv": "read",
    "chart_drawing": "read",
    "export": "export",
    "imports": "create",
    "import_batch": "create",
    "import_step": "create",
    "import_mistakes": "create",
    "move_card": "update",
    "move_event": "update",
    "move_branch": "update",
    "get": "read",
    "get_list": "read",
    "info": "read",
    "add": "create",
    "add_draft": "create",
    "post": "create",
    "edit": "update",
    "edit_draft": "update",
    "restore_version": "update",
    "put": "update",
    "patch": "update",
    "post_bulk": "create",
    "patch_bulk": "update",
    "delete_bulk": "delete",
    "delete": "delete",
    "restore": "delete",
    "purge": "purge",
    "bulk_edit": "update",
    "bulk_tag": "update",
    "bulk_delete": "delete",
    "bulk_restore": "delete",
    "bulk_purge": "purge",
    "inline": "update",
}
WRITING = {
    *("add", "add_draft", "edit", "edit_draft", "delete", "restore", "restore_version"),
    *("post", "put", "patch", "post_bulk", "patch_bulk", "delete_bulk"),
    *("bulk_edit", "bulk_tag", "bulk_delete", "bulk_restore", "bulk_purge", "purge", "inline"),
}
IMPORTING = {"imports", "import_batch", "import_step", "import_mistakes"}


class TablePermissions:
    """Mixed into views and APIs; ``read_only`` tables get no writing route at all."""

    read_only: ClassVar[bool] = False
    datamodel: Any
    table: Any
    class_permission_name: Any
    method_permission_name: Any
    exclude_route_methods: Any
    base_permissions: Any

    def __init__(self, **options: Any) -> None:
        description = self.datamodel.description
        self.class_permission_name = description.resource
        self.method_permission_name = METHODS
        excluded = set(type(self).exclude_route_methods)
        if self.read_only:
            excluded |= WRITING | IMPORTING
        filled = set(description.filled_by_the_system) - self.table.rules.sets
        if not any(field.kind in FILE_KINDS for field in description.visible):
            excluded |= {"file"}
        if filled:
            excluded |= {"post", "post_bulk"} | IMPORTING
        if filled - description.filled_by_uploads:
            excluded |= {"add", "add_draft"}
        if not description.soft_delete:
            excluded |= {"restore", "purge", "bulk_restore", "bulk_purge"}
        excluded |= bulk_routes_left_out(description)
        excluded |= routes_left_out(self.table, read_only=self.read_only)
        self.exclude_route_methods = excluded
        super().__init__(**options)
        self.base_permissions = [
            *self.base_permissions,
            *(f"can_{action}" for action in self.table.rights),
        ]

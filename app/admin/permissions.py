"""One resource per table, shared by its screens and its API: read, create, update, delete."""

from __future__ import annotations

from typing import Any, ClassVar

METHODS = {
    "list": "read",
    "show": "read",
    "related": "read",
    "history": "read",
    "version": "read",
    "lookup": "read",
    "get": "read",
    "get_list": "read",
    "info": "read",
    "add": "create",
    "post": "create",
    "edit": "update",
    "restore_version": "update",
    "put": "update",
    "delete": "delete",
    "restore": "delete",
}
WRITING = {"add", "edit", "delete", "restore", "restore_version", "post", "put"}


class TablePermissions:
    """Mixed into views and APIs; ``read_only`` tables get no writing route at all."""

    read_only: ClassVar[bool] = False
    datamodel: Any
    table: Any
    class_permission_name: Any
    method_permission_name: Any
    exclude_route_methods: Any

    def __init__(self, **options: Any) -> None:
        description = self.datamodel.description
        self.class_permission_name = description.resource
        self.method_permission_name = METHODS
        excluded = set(type(self).exclude_route_methods)
        if self.read_only:
            excluded |= WRITING
        if set(description.filled_by_the_system) - self.table.rules.sets:
            excluded |= {"add", "post"}
        if not description.soft_delete:
            excluded |= {"restore"}
        self.exclude_route_methods = excluded
        super().__init__(**options)

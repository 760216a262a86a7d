"""Make and register the screens and the API of every table that the domains name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.admin.describe import describe
from app.admin.endpoints import endpoint_of, url_of
from app.admin.interface import AdminInterface
from app.admin.model_view import TableView
from app.admin.registry import Domain, Table
from app.admin.rest.api import TableApi
from app.admin.rest.calling import api_of
from models.base import Base

__all__ = ["endpoint_of", "make_api", "make_view", "register_domains", "url_of"]


def register_domains(appbuilder: Any, domains: Iterable[Domain]) -> None:
    """Add a view (with its menu entry) and an API for each table, and one for each operation."""
    for domain in domains:
        for table in domain.tables:
            view = make_view(domain, table)
            if table.in_menu:
                _add_to_menu(appbuilder, view, domain, table)
            else:
                appbuilder.add_view_no_menu(view)
            appbuilder.add_api(make_api(domain, table))
        for operation in domain.operations:
            appbuilder.add_api(api_of(domain, operation))


def _add_to_menu(appbuilder: Any, view: type[TableView], domain: Domain, table: Table) -> None:
    appbuilder.add_view(
        view,
        describe(table.model).resource,
        label=describe(table.model).plural,
        icon=table.icon,
        category=domain.name,
        category_label=domain.label,
        category_icon=domain.icon,
    )


def make_view(domain: Domain, table: Table) -> type[TableView]:
    members = {**_common(domain, table), "route_base": f"/{_path(table.model)}"}
    return type(endpoint_of(table.model), (TableView,), members)


def make_api(domain: Domain, table: Table) -> type[TableApi]:
    members = {
        **_common(domain, table),
        "resource_name": _path(table.model),
        "openapi_spec_tag": f"{domain.label}: {describe(table.model).plural}",
    }
    return type(f"{table.model.__name__}Api", (TableApi,), members)


def _common(domain: Domain, table: Table) -> dict[str, Any]:
    return {
        "datamodel": AdminInterface(table.model),
        "domain": domain,
        "table": table,
        "read_only": table.read_only,
    }


def _path(model: type[Base]) -> str:
    return describe(model).resource.replace(".", "/")

"""All tables, one module per PostgreSQL schema. Importing this package maps every class."""

from __future__ import annotations

import importlib

from sqlalchemy.orm import configure_mappers

from models.base import Base
from models.relationships import add_missing_relationships

SCHEMAS = (
    "identity",
    "platform",
    "catalog",
    "inventory",
    "customers",
    "sales",
    "sunat",
    "crm",
    "services",
    "documents",
    "expenses",
    "billing",
    "portal",
    "messaging",
    "reporting",
    "workspace",
)

for _schema in SCHEMAS:
    importlib.import_module(f"models.{_schema}")
add_missing_relationships()
configure_mappers()


def all_models() -> list[type[Base]]:
    """Every mapped class, in the order of schema and table name."""
    mapped = (mapper.class_ for mapper in Base.registry.mappers)
    return sorted(mapped, key=lambda model: model.__table__.fullname)

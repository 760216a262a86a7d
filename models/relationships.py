"""Read-only many-to-one relationships for every foreign key that has none written by hand.

Screens and the API show what a foreign key points to by its title; writing goes through the key
column itself, so the relationships are ``viewonly``. Names: ``customer_id`` → ``customer``,
``approved_by`` → ``approved_by_user``.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, configure_mappers, relationship

from models.base import Base


def add_missing_relationships() -> None:
    """Add them to every mapped class; idempotent."""
    configure_mappers()
    mappers = list(Base.registry.mappers)
    class_of = {mapper.local_table: mapper for mapper in mappers}
    for mapper in mappers:
        written = _columns_with_a_relationship(mapper)
        for column in mapper.local_table.columns:
            if len(column.foreign_keys) != 1 or column.name in written:
                continue
            target = class_of[next(iter(column.foreign_keys)).column.table]
            mapper.add_property(
                _name(mapper, column),
                relationship(
                    target.class_,
                    foreign_keys=[column],
                    remote_side=[next(iter(column.foreign_keys)).column],
                    viewonly=True,
                ),
            )


def _columns_with_a_relationship(mapper: Mapper[Any]) -> set[str]:
    """Names of FK columns that a hand-written many-to-one relationship of this class uses."""
    found: set[str] = set()
    for prop in mapper.relationships:
        if prop.direction.name == "MANYTOONE":
            found |= {column.name for column in prop.local_columns}
    return found


def _name(mapper: Mapper[Any], column: sa.Column[Any]) -> str:
    key = mapper.get_property_by_column(column).key
    name = key.removesuffix("_id") if key.endswith("_id") else f"{key}_user"
    return name if name not in mapper.attrs else f"{name}_record"

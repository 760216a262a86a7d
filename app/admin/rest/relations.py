"""What belongs to a row, by name: the rows that it points to and the rows that point to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.admin.describe import Field, describe, references_to
from app.admin.once import once
from models.base import Base


@dataclass(frozen=True, slots=True)
class Relation:
    """``field`` is the foreign key: of the row itself, or (``many``) of the rows of ``model`` that
    point to it."""

    name: str
    model: type[Base]
    field: Field
    many: bool


@once
def relations_of(model: type[Base]) -> dict[str, Relation]:
    """Every relation of the table by the name that the API gives it.

    A foreign key ``customer_id`` gives ``customer``. Rows that point here have the name of the
    model's collection (``items``), else that of their table, else (several foreign keys of one
    table, or the name is taken) of both: ``jobs_by_assigned_to``.
    """
    fields = describe(model).fields
    found = {
        field.relationship: Relation(field.relationship, field.target, field, many=False)
        for field in fields.values()
        if field.target is not None and not field.secret
    }
    pointing = references_to(model)
    tables = Counter(_table(other) for other, _field in pointing)
    collections = _collections(model)
    for other, field in pointing:
        name = collections.get((other, field.column))
        if name is None:
            name = _table(other)
            if tables[name] > 1 or name in found or name in fields:
                name = f"{name}_by_{field.relationship}"
        found[name] = Relation(name, other, field, many=True)
    return found


def _collections(model: type[Base]) -> dict[tuple[type[Base], Any], str]:
    """Names of the model's collections by the foreign key that makes them."""
    return {
        (prop.mapper.class_, column): prop.key
        for prop in sa.inspect(model).relationships
        if prop.direction.name == "ONETOMANY"
        for column in prop.remote_side
    }


def _table(model: type[Base]) -> str:
    return str(model.__table__.name)

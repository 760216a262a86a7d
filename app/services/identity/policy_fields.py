"""What a policy can be about: tables whose rows have owners, fields that can be kept back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from app.access.rows import scopable
from models.base import Base

SYSTEM = frozenset(
    {"created_at", "updated_at", "deleted_at", "deleted_by", "deletion_reason", "version"}
)


@dataclass(frozen=True, slots=True)
class PolicyField:
    """``settable`` is whether a form offers it; ``required`` that nobody can add a row without."""

    name: str
    settable: bool
    required: bool


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """A table by its name in rights (``crm.deals``), with the fields a policy may name."""

    name: str
    model: type[Base]
    scopable: bool
    fields: Mapping[str, PolicyField]


@cache
def policy_tables() -> Mapping[str, PolicyTable]:
    """All tables by name. Keys, secrets and what the system keeps for itself are no fields."""
    models = sorted((m.class_ for m in Base.registry.mappers), key=_name)
    return {_name(model): _table(model) for model in models}


def _name(model: type[Base]) -> str:
    return str(model.__table__.fullname)


def _table(model: type[Base]) -> PolicyTable:
    fields = {}
    for prop in sa.inspect(model).column_attrs:
        column = prop.columns[0]
        if not isinstance(column, sa.Column) or column.primary_key or column.info.get("secret"):
            continue
        if prop.key not in SYSTEM:
            fields[prop.key] = _field(prop.key, column)
    return PolicyTable(_name(model), model, scopable(model), fields)


def _field(name: str, column: sa.Column[object]) -> PolicyField:
    settable = not (
        column.computed is not None or column.identity is not None or column.info.get("readonly")
    )
    filled = (
        column.nullable
        or column.default is not None
        or column.server_default is not None
        or isinstance(column.type, sa.Boolean)
    )
    return PolicyField(name, settable, settable and not filled)

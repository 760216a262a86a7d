"""The values of the audit log as one person may see them.

An entry keeps a row's columns as JSON. Secrets are never in it; here the columns that the person's
roles hide, and the rows that they leave out, are kept back as well.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.access.rows import Reader, restricted
from app.actor import Actor
from app.admin.describe import Description, Field, describe
from app.admin.once import once
from models.base import Base

BOOKKEEPING = frozenset({"created_at", "updated_at", "changed_on", "version"})
"""Columns that move by themselves: no change that somebody made."""


def tells_something(field: Field) -> bool:
    """Whether a value of the column is news to a person: neither bookkeeping nor the row's own key,
    which stands beside it anyway."""
    return field.name not in BOOKKEEPING and field.name != "id"


@once
def model_of(table_name: str) -> type[Base] | None:
    """The class of ``schema.table``; None for a table that is gone or isn't ours."""
    mapped = (mapper.class_ for mapper in Base.registry.mappers)
    return next((model for model in mapped if model.__table__.fullname == table_name), None)


class AuditAccess:
    """Answers what ``actor`` may see; made once per request, asks the database nothing."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.reader = Reader.of(actor)
        self._fields: dict[str, Mapping[str, Field]] = {}

    def description(self, table_name: str) -> Description | None:
        """The table, None when it isn't ours or the person may not read it."""
        model = model_of(table_name)
        if model is None or not self.actor.may(f"{table_name}:read"):
            return None
        return describe(model)

    def fields(self, table_name: str) -> Mapping[str, Field]:
        """Columns of the table that the person may see, by column name; none where the table may
        not be read. Secret ones are among them: that they changed is no secret."""
        if table_name not in self._fields:
            description = self.description(table_name)
            fields = description.fields.values() if description else ()
            hidden = self.actor.policy.hidden(table_name)
            self._fields[table_name] = {
                field.column.name: field for field in fields if field.name not in hidden
            }
        return self._fields[table_name]

    def shows(self, table_name: str, name: str) -> bool:
        """Whether the person may see what an entry keeps under that name: a column, or what is none
        (details of an action, a column that is gone)."""
        if name in self.fields(table_name):
            return True
        description = self.description(table_name)
        if description is None or name in self.actor.policy.hidden(table_name):
            return False
        return all(field.column.name != name for field in description.fields.values())

    def asks_for_the_row(self, table_name: str) -> bool:
        """Whether the person may see some rows of the table only."""
        model = model_of(table_name)
        return model is not None and restricted(model, self.reader)

    def allowed(self, table_name: str, values: Mapping[str, Any] | None) -> dict[str, Any]:
        """The columns of an entry's JSON that may be shown; nothing else ever is."""
        fields = self.fields(table_name)
        return {
            name: value
            for name, value in (values or {}).items()
            if name in fields and not fields[name].secret
        }


def decode(field: Field, raw: Any) -> Any:
    """A value of the log's JSON in the column's type.

    What doesn't fit (the column had another type then) raises ValueError.
    """
    if raw is None:
        return None
    try:
        return _DECODE.get(field.kind, _as_it_is)(field, raw)
    except (TypeError, ArithmeticError) as error:
        raise ValueError(raw) from error


def _as_it_is(_field: Field, raw: Any) -> Any:
    return raw


def _key(field: Field, raw: Any) -> Any:
    return uuid.UUID(raw) if isinstance(field.column.type, sa.Uuid) else raw


_DECODE: dict[str, Any] = {
    "decimal": lambda _field, raw: Decimal(str(raw)),
    "integer": lambda _field, raw: int(raw),
    "date": lambda _field, raw: dt.date.fromisoformat(raw),
    "datetime": lambda _field, raw: dt.datetime.fromisoformat(raw),
    "uuid": _key,
    "relation": _key,
    "uuids": lambda _field, raw: [uuid.UUID(item) for item in raw],
}

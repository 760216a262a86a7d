"""What an import did to each record, so that it can be taken back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.admin.describe import Description, Field
from app.admin.interface import KEY_SEPARATOR
from app.db import session
from models.workspace import ImportedRow

Key = tuple[Any, ...]


def note_rows(view: Any, batch_id: Any, items: Sequence[Any]) -> None:
    """Write down the records of these items as they are now; two statements."""
    if not items:
        return
    stamps = stamps_of(view.description, [item.key for item in items])
    session().execute(
        sa.insert(ImportedRow.__table__),
        [
            {
                "batch_id": batch_id,
                "row_number": item.number,
                "record_id": KEY_SEPARATOR.join(map(str, item.key)),
                "action": item.action,
                "before": item.before if item.action == "updated" else None,
                "stamp": stamps.get(item.key, ""),
            }
            for item in items
        ],
    )


def stamps_of(description: Description, keys: Iterable[Key]) -> dict[Key, str]:
    """A digest of the whole row by key, of those that are there: any change makes another one."""
    wanted = list(keys)
    table = description.model.__table__.alias("imported")
    columns = [table.c[description.fields[name].column.name] for name in description.keys]
    single = len(columns) == 1
    condition = (
        columns[0].in_([key[0] for key in wanted]) if single else sa.tuple_(*columns).in_(wanted)
    )
    digest = sa.func.md5(sa.cast(sa.literal_column("imported"), sa.Text))
    rows = session().execute(sa.select(*columns, digest).where(condition))
    return {tuple(row[:-1]): row[-1] for row in rows}


def as_json(value: Any) -> Any:
    """A value as JSON keeps it, exactly."""
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return str(value) if isinstance(value, uuid.UUID) else value


def from_json(field: Field, value: Any) -> Any:
    """The value that :func:`as_json` was given."""
    if value is None:
        return None
    kind = field.target_kind if field.kind == "relation" else field.kind
    make = _MAKE.get(kind)
    return make(value) if make else value


_MAKE: dict[str, Any] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "decimal": Decimal,
    "uuid": uuid.UUID,
    "uuids": lambda items: [uuid.UUID(item) for item in items],
}

"""FAB's data model over our session: rows by key, soft delete, one transaction per save."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.models.sqla.interface import SQLAInterface

from app.admin.access import reader, rows_for
from app.admin.describe import Description, describe
from app.admin.lists.filters import INT8_MAX, FilterConverter
from app.db import atomic, session
from app.session import INCLUDE_DELETED
from models.base import Base

KEY_SEPARATOR = "~"


class AdminInterface(SQLAInterface):
    """Reads and writes single rows of one table; lists go through :class:`Listing`."""

    filter_converter_class = FilterConverter

    @property
    def description(self) -> Description:
        return describe(self.obj)

    def key_of(self, row: Base) -> str:
        """The row's key as it stands in URLs; the parts of a composite key joined by ``~``."""
        return KEY_SEPARATOR.join(str(getattr(row, name)) for name in self.description.keys)

    def parse_key(self, text: object) -> tuple[Any, ...] | None:
        """The key that a URL names, None when it can't be one."""
        parts = str(text).split(KEY_SEPARATOR)
        keys = [self.description.fields[name] for name in self.description.keys]
        if len(parts) != len(keys):
            return None
        try:
            values = [
                uuid.UUID(part) if isinstance(field.column.type, sa.Uuid) else _int8(part)
                for field, part in zip(keys, parts, strict=True)
            ]
        except ValueError:
            return None
        return tuple(values)

    def find(self, key: object, action: str = "read", *, deleted: bool = False) -> Any:
        """The row with that key among those the person may do ``action`` with, else None."""
        values = self.parse_key(key)
        if values is None:
            return None
        statement = sa.select(self.obj).where(
            *(
                getattr(self.obj, name) == value
                for name, value in zip(self.description.keys, values, strict=True)
            )
        )
        statement = rows_for(self.obj, statement, action)
        return session().scalar(statement, execution_options=INCLUDE_DELETED if deleted else {})

    def get(self, id: Any, *_: Any, **__: Any) -> Any:  # noqa: A002 - FAB's name
        return self.find(id)

    def add(self, item: Any, *_: Any, **__: Any) -> bool:
        with atomic() as current:
            current.add(item)
        return True

    def edit(self, item: Any, *_: Any, **__: Any) -> bool:
        with atomic() as current:
            current.add(item)
        return True

    def delete(self, item: Any, *_: Any, reason: str | None = None, **__: Any) -> bool:
        """Mark the row deleted where the table keeps deleted rows, else remove it."""
        with atomic() as current:
            if self.description.soft_delete:
                item.deleted_at = dt.datetime.now(dt.UTC)
                item.deleted_by = reader().user_id
                item.deletion_reason = reason or None
            else:
                current.delete(item)
        return True

    def delete_all(self, items: Any) -> bool:
        with atomic():
            for item in items:
                self.delete(item)
        return True

    def restore(self, item: Any) -> None:
        """Bring a deleted row back; a live row that took its unique values makes it fail."""
        with atomic():
            item.deleted_at = item.deleted_by = item.deletion_reason = None

    def purge(self, item: Any) -> None:
        """Remove a row of the trash for good, with what the database says belongs to it."""
        with atomic() as current:
            current.delete(item)


def _int8(text: str) -> int:
    value = int(text)
    if abs(value) > INT8_MAX:
        raise ValueError(text)
    return value

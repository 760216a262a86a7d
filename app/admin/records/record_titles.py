"""Titles of rows of many tables at once: a statement per table, however many rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.access.rows import Reader, scoped
from app.admin.describe import describe
from app.admin.interface import AdminInterface
from app.admin.once import once
from app.admin.titles import title_of
from app.db import session
from app.session import INCLUDE_DELETED
from models.base import Base

DEEPEST_TITLE = 3
"""A title may name another row's title, and that another's."""


class RecordTitles:
    """Say which rows are wanted, then :meth:`load`, then ask. Rows that are gone, and those that
    the reader may not see, have no title."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._wanted: dict[type[Base], dict[str, tuple[Any, ...]]] = {}
        self._rows: dict[type[Base], dict[str, Base]] = {}

    def want(self, model: type[Base] | None, key: object) -> None:
        parsed = _interface(model).parse_key(key) if model is not None else None
        if model is not None and parsed is not None:
            self._wanted.setdefault(model, {})[str(key)] = parsed

    def load(self) -> None:
        """Read the wanted rows, deleted ones too."""
        for model, keys in self._wanted.items():
            columns = [getattr(model, name) for name in describe(model).keys]
            chosen: Any = sa.tuple_(*columns) if len(columns) > 1 else columns[0]
            values = [key if len(columns) > 1 else key[0] for key in keys.values()]
            statement = sa.select(model).where(chosen.in_(values)).options(*title_loaders(model))
            found = session().scalars(
                scoped(statement, model, self.reader), execution_options=INCLUDE_DELETED
            )
            self._rows[model] = {_interface(model).key_of(row): row for row in found}
        self._wanted = {}

    def row(self, model: type[Base] | None, key: object) -> Base | None:
        return self._rows.get(model, {}).get(str(key)) if model is not None else None

    def of(self, model: type[Base] | None, key: object) -> str:
        """The title, empty when there is none."""
        row = self.row(model, key)
        return title_of(row) if row is not None else ""


@once
def _interface(model: type[Base]) -> AdminInterface:
    return AdminInterface(model)


def title_loaders(model: type[Base], deep: int = DEEPEST_TITLE) -> list[Any]:
    """Loader options for the relationships that the model's title is made of."""
    columns = describe(model).fields
    loaders = []
    for name in model.__title__ if deep else ():
        if name not in columns:
            attribute = getattr(model, name)
            nested = title_loaders(attribute.property.mapper.class_, deep - 1)
            loaders.append(selectinload(attribute).options(*nested))
    return loaders

"""Records named by text, ``schema.table`` and key: what a comment or a notification is about."""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Collection
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from app.access.rows import KEY_SEPARATOR, Reader, row_condition
from app.db import session
from app.session import INCLUDE_DELETED
from models.base import Base, humanize

INT8_MAX = 2**63 - 1


@functools.cache
def _models() -> dict[str, type[Base]]:
    return {str(m.class_.__table__.fullname): m.class_ for m in Base.registry.mappers}


def model_named(table: str) -> type[Base] | None:
    """The class of ``schema.table``; None for a table that isn't ours."""
    return _models().get(table)


def key_condition(model: type[Base], key: str) -> sa.ColumnElement[bool] | None:
    """The row with the key as URLs and the audit log write it; None where it can't be one."""
    columns = model.__table__.primary_key.columns
    parts = key.split(KEY_SEPARATOR)
    if len(parts) != len(columns):
        return None
    try:
        values = [_value(column, part) for column, part in zip(columns, parts, strict=True)]
    except ValueError:
        return None
    mapper = sa.inspect(model)
    attributes = [mapper.get_property_by_column(column).class_attribute for column in columns]
    return sa.and_(*(a == value for a, value in zip(attributes, values, strict=True)))


def _value(column: sa.Column[Any], text: str) -> Any:
    if isinstance(column.type, sa.Uuid):
        return uuid.UUID(text)
    value = int(text)
    if abs(value) > INT8_MAX:
        raise ValueError(text)
    return value


def find_row(
    model: type[Base], key: str, reader: Reader | None = None, *, deleted: bool = False
) -> Any:
    """The row, if it is there and within the row scope of ``reader``; says nothing of rights."""
    condition = key_condition(model, key)
    if condition is None:
        return None
    statement = sa.select(model).where(condition)
    reach = row_condition(model, reader) if reader is not None else None
    if reach is not None:
        statement = statement.where(reach)
    return session().scalar(statement, execution_options=INCLUDE_DELETED if deleted else {})


def those_who_reach(model: type[Base], key: str, readers: Collection[Reader]) -> set[int]:
    """Keys of the users whose row scope holds the row; one SQL statement for all of them."""
    condition = key_condition(model, key)
    if condition is None or not readers:
        return set()
    asked = [r for r in readers if r.user_id is not None]
    reaches = [row_condition(model, reader) for reader in asked]
    columns = [
        sa.literal(True) if reach is None else sa.func.coalesce(reach, sa.false())
        for reach in reaches
    ]
    named = [column.label(f"r{n}") for n, column in enumerate(columns)]
    row = session().execute(sa.select(*named).select_from(model).where(condition)).one_or_none()
    if row is None:
        return set()
    return {r.user_id for r, may in zip(asked, row, strict=True) if may and r.user_id is not None}


def path_of(model: type[Base], key: str) -> str:
    """Path of the record's page on this site."""
    return f"/{str(model.__table__.fullname).replace('.', '/')}/show/{quote(key)}"


def kind_of(model: type[Base]) -> str:
    """What one row is called, an English msgid: ``InvoiceLineItem`` → “Invoice line item”."""
    return humanize(re.sub(r"(?<!^)([A-Z])", r" \1", model.__name__).lower())


def name_of(row: Base, hidden: Collection[str] = frozenset()) -> str:
    """The row's title as plain text, without the columns in ``hidden``; may be empty."""
    parts = []
    for name in row.__title__:
        value = None if name in hidden else getattr(row, name, None)
        if isinstance(value, Base):
            continue
        if value not in (None, ""):
            parts.append(str(value))
    return " ".join(parts)

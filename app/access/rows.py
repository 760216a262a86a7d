"""Row scope as SQL: which rows of a table somebody may read, change or delete.

A model says whose its rows are (``__owners__``) and what they belong to (``__parents__``). A row
may be seen when it is the person's own, or when the scope allows its owner (``team``: somebody who
shares a team with the person; ``all``: anybody) and all rows it belongs to may be read. Rows
without an owner belong to nobody: ``own`` and ``team`` leave them out. What is said about a record
(``__about__``) is read by who may read the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import with_loader_criteria

from app.actor import Actor
from app.domain.access_policy import AccessPolicy
from models.base import Base
from models.identity import UserGroup

Condition = sa.ColumnElement[bool]
KEY_SEPARATOR = "~"
"""Between the parts of a composite key written as text."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: the user's id (None: the system) and what the user's roles allow."""

    user_id: int | None
    policy: AccessPolicy

    @classmethod
    def of(cls, actor: Actor) -> Reader:
        return cls(actor.user_id, actor.policy)


def scopable(model: type[Base]) -> bool:
    """Whether a role's row scope means anything for the table: its rows have owners."""
    return bool(model.__owners__)


def restricted(model: type[Base], reader: Reader, action: str = "read") -> bool:
    """Whether there may be rows of ``model`` that the reader may not do ``action`` with."""
    if reader.policy.unlimited:
        return False
    table = str(model.__table__.fullname)
    if scopable(model) and reader.policy.scope(table, action) != "all":
        return True
    if model.__about__ and not _reads_everything(reader):
        return True
    return any(restricted(_parent_of(model, name), reader) for name in model.__parents__)


def row_condition(model: type[Base], reader: Reader, action: str = "read") -> Condition | None:
    """The rows of ``model`` that the reader may do ``action`` with; None means all of them."""
    return _condition(model, model, reader, action)


def scoped(statement: Any, model: type[Base], reader: Reader, action: str = "read") -> Any:
    """The statement narrowed to the rows the reader may do ``action`` with."""
    condition = row_condition(model, reader, action)
    return statement if condition is None else statement.where(condition)


def related_rows(reader: Reader, models: Sequence[type[Base]]) -> list[Any]:
    """Loader options: relationships to these tables load readable rows only, now and later.

    A row that may not be read is None where a relationship points to it.
    """
    found = []
    for model in models:
        condition = row_condition(model, reader)
        if condition is not None:
            found.append(with_loader_criteria(model, condition, include_aliases=True))
    return found


def _condition(model: type[Base], columns: Any, reader: Reader, action: str) -> Condition | None:
    """``columns`` is the class itself, or the columns of an aliased table."""
    if not restricted(model, reader, action):
        return None
    table = str(model.__table__.fullname)
    scope = reader.policy.scope(table, action) if scopable(model) else "all"
    parents = _readable_parents(model, columns, reader)
    if scope == "all" and not model.__owners__:
        return sa.and_(*parents)
    if scope != "all" and not parents:
        return _belongs_to(model, columns, _People(reader, scope))
    own = _belongs_to(model, columns, _People(reader, "own"))
    if scope == "own":
        return own
    if scope == "team":
        parents.append(_belongs_to(model, columns, _People(reader, "team")))
    return sa.or_(own, sa.and_(*parents))


@dataclass(frozen=True, slots=True)
class _People:
    """The users whose rows count: the reader and, for a team, all who share a team with them."""

    reader: Reader
    scope: str

    def has(self, column: Any) -> Condition:
        """Whether the user in ``column`` is one of them."""
        me = sa.literal(self.reader.user_id or 0, sa.BigInteger)
        if self.scope == "own":
            return column == me
        mine, theirs = (UserGroup.__table__.alias() for _ in range(2))
        my_teams = sa.select(mine.c.group_id).where(mine.c.user_id == me)
        colleagues = sa.select(theirs.c.user_id).where(theirs.c.group_id.in_(my_teams))
        return sa.or_(column == me, column.in_(colleagues))


def _belongs_to(model: type[Base], columns: Any, people: _People) -> Condition:
    return sa.or_(*(_owned_by(model, columns, name, people) for name in model.__owners__))


def _owned_by(model: type[Base], columns: Any, name: str, people: _People) -> Condition:
    if "." not in name:
        return people.has(getattr(columns, name))
    class_name, column = name.split(".")
    other = _class_named(class_name)
    rows = other.__table__.alias()
    pointing = next(c for c in other.__table__.columns if c.references(_key(model)))
    linked = sa.select(rows.c[pointing.name]).where(people.has(rows.c[column]))
    return getattr(columns, _key(model).name).in_(linked)


def _readable_parents(model: type[Base], columns: Any, reader: Reader) -> list[Condition]:
    found = []
    for name in model.__parents__:
        mapped = getattr(model, name).property.columns[0]
        parent = _parent_of(model, name)
        rows = parent.__table__.alias()
        condition = _condition(parent, rows.c, reader, "read")
        if condition is None:
            continue
        here = getattr(columns, name)
        readable = here.in_(sa.select(rows.c[_key(parent).name]).where(condition))
        found.append(sa.or_(here.is_(None), readable) if mapped.nullable else readable)
    if model.__about__ and not _reads_everything(reader):
        found.append(_about_readable(columns, reader))
    return found


def _reads_everything(reader: Reader) -> bool:
    return all(_may_read(model, reader) and not restricted(model, reader) for model in _subjects())


def _may_read(model: type[Base], reader: Reader) -> bool:
    """Whether a role of the reader gives the right to read the table."""
    right = f"{model.__table__.fullname}:read"
    return reader.policy.unlimited or any(right in role.rights for role in reader.policy.roles)


def _subjects() -> list[type[Base]]:
    """Tables whose records something can be about."""
    return [m.class_ for m in Base.registry.mappers if not m.class_.__about__]


def _about_readable(columns: Any, reader: Reader) -> Condition:
    """Rows about a record that the reader may read."""
    whole, parts = [], []
    for model in _subjects():
        if not _may_read(model, reader):
            continue
        table = str(model.__table__.fullname)
        rows = model.__table__.alias()
        reach = _condition(model, rows.c, reader, "read")
        if reach is None:
            whole.append(table)
            continue
        keys = [sa.cast(rows.c[key.name], sa.Text) for key in model.__table__.primary_key]
        text = keys[0] if len(keys) == 1 else sa.func.concat_ws(KEY_SEPARATOR, *keys)
        within = columns.record_id.in_(sa.select(text).where(reach))
        parts.append(sa.and_(columns.table_name == table, within))
    return sa.or_(columns.table_name.in_(whole), *parts)


def _parent_of(model: type[Base], name: str) -> type[Base]:
    column = getattr(model, name).property.columns[0]
    table = next(iter(column.foreign_keys)).column.table
    return next(m.class_ for m in Base.registry.mappers if m.local_table is table)


def _class_named(name: str) -> type[Base]:
    return next(m.class_ for m in Base.registry.mappers if m.class_.__name__ == name)


def _key(model: type[Base]) -> sa.Column[Any]:
    column: sa.Column[Any] = model.__table__.primary_key.columns[0]
    return column

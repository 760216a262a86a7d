"""Encrypting every secret in the database anew under the newest key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import atomic
from app.encryption import UndecipherableError, is_newest, rotate
from models.base import Base

BATCH = 200


@dataclass(slots=True)
class Rotation:
    """What became of one column: ``lost`` secrets open under none of the keys, and stay."""

    column: str
    rotated: int = 0
    newest: int = 0
    lost: int = 0


def encrypted_columns() -> tuple[sa.Column[Any], ...]:
    """All columns that the models call encrypted, by table and name."""
    tables = sorted(Base.metadata.tables.values(), key=lambda table: table.fullname)
    return tuple(
        column for table in tables for column in table.columns if column.info.get("encrypted")
    )


def rotate_keys() -> tuple[Rotation, ...]:
    """Bring each secret under the newest key; gives the counts by column.

    Commits in batches of rows: broken off, it goes on where it was when it is run again, and run
    again after its end it changes nothing. A secret that somebody changes meanwhile is left alone.
    Neither who changed a row last nor when is touched.
    """
    return tuple(_rotate(column) for column in encrypted_columns())


def _rotate(column: sa.Column[Any]) -> Rotation:
    done = Rotation(f"{column.table.fullname}.{column.name}")
    for keys in _batches(column):
        with atomic() as session:
            for key, token in session.execute(_tokens(column, keys)).all():
                _rotate_one(session, column, (key, token), done)
    return done


def _rotate_one(
    session: Any, column: sa.Column[Any], secret: tuple[Any, str], done: Rotation
) -> None:
    key, token = secret
    if is_newest(token):
        done.newest += 1
        return
    try:
        fresh = rotate(token)
    except UndecipherableError:
        done.lost += 1
        return
    table: Any = column.table
    kept = {other.name: other for other in table.columns if other.onupdate is not None}
    session.execute(
        sa.update(table)
        .where(_key(column) == key, column == token)
        .values({**kept, column.name: fresh})
    )
    done.rotated += 1


def _batches(column: sa.Column[Any]) -> Iterator[list[Any]]:
    """Keys of the rows with a secret, so many at a time."""
    with atomic() as session:
        key = _key(column)
        keys = list(session.scalars(sa.select(key).where(column.is_not(None)).order_by(key)))
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _tokens(column: sa.Column[Any], keys: list[Any]) -> sa.Select[Any]:
    """The secrets, locked: the row is rotated as it is now, not as it was when it was listed."""
    key = _key(column)
    statement = sa.select(key, column).where(key.in_(keys), column.is_not(None))
    return statement.order_by(key).with_for_update()


def _key(column: sa.Column[Any]) -> sa.Column[Any]:
    table: Any = column.table
    return next(iter(table.primary_key.columns))

"""Deleting for good what has been in the trash for as long as the settings say."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError

from app.db import atomic, session
from app.services.platform.read_setting import read_setting
from app.session import INCLUDE_DELETED
from models.base import Base, SoftDelete

log = structlog.get_logger(__name__)
BATCH = 200
DAYS = 90
KEPT_BY_NOTHING = ("CASCADE",)


@dataclass(frozen=True, slots=True)
class Purged:
    """Rows of one table that are gone, and rows that stay because others refer to them."""

    table: str
    deleted: int
    kept: int


def purge_trash(tables: Sequence[str], *, now: dt.datetime) -> list[Purged]:
    """Delete the rows of these tables (``schema.table``) that were deleted more than
    ``security.trash_days`` days ago; tells what was done where there was something to do.

    A row that any other row refers to stays, even where the database would only empty the
    reference: nobody decides here that an order forgets who sold it. What belongs to the row
    (``CASCADE``) goes with it. Batches are transactions of their own, and rows that somebody works
    with are left for the next time, so it can be stopped and run twice.
    """
    cutoff = now - dt.timedelta(days=int(read_setting("security.trash_days", DAYS)))
    found = [_purge(model, cutoff) for model in _models(tables)]
    done = [purged for purged in found if purged.deleted or purged.kept]
    for purged in done:
        log.info("trash purged", table=purged.table, deleted=purged.deleted, kept=purged.kept)
    return done


def _models(tables: Sequence[str]) -> Iterator[Any]:
    for mapper in Base.registry.mappers:
        if issubclass(mapper.class_, SoftDelete) and mapper.local_table.fullname in tables:
            yield mapper.class_


def _purge(model: Any, cutoff: dt.datetime) -> Purged:
    counts: Counter[str] = Counter()
    key = next(iter(sa.inspect(model).primary_key))
    after: Any = None
    while True:
        with atomic():
            keys = _next_keys(model, key, cutoff, after)
            for one in keys:
                counts["deleted" if _delete(model, key, one) else "kept"] += 1
        if len(keys) < BATCH:
            break
        after = keys[-1]
    old = sa.select(sa.func.count()).select_from(model).where(model.deleted_at < cutoff)
    kept = session().scalar(old, execution_options=INCLUDE_DELETED) or 0
    return Purged(str(model.__table__.fullname), counts["deleted"], max(kept, counts["kept"]))


def _next_keys(model: Any, key: Any, cutoff: dt.datetime, after: Any) -> Sequence[Any]:
    statement = sa.select(key).where(model.deleted_at < cutoff, *_unused(model))
    if after is not None:
        statement = statement.where(key > after)
    statement = statement.order_by(key).limit(BATCH).with_for_update(skip_locked=True, of=model)
    return session().scalars(statement, execution_options=INCLUDE_DELETED).all()


def _unused(model: Any) -> Iterator[sa.ColumnElement[bool]]:
    """No row refers to it, but for who deleted something and what belongs to it."""
    for table in Base.metadata.tables.values():
        for foreign in table.foreign_keys:
            points_here = foreign.column.table is model.__table__
            if not points_here or foreign.ondelete in KEPT_BY_NOTHING:
                continue
            if foreign.parent.name == "deleted_by":
                continue
            other = table.alias()
            here = other.c[foreign.parent.name] == model.__table__.c[foreign.column.name]
            yield ~sa.exists(sa.select(sa.literal(1)).select_from(other).where(here))


def _delete(model: Any, key: Any, value: Any) -> bool:
    """Whether the row is gone; what belongs to it may be in use, or a ledger."""
    try:
        with session().begin_nested():
            session().execute(
                sa.delete(model).where(key == value),
                execution_options={**INCLUDE_DELETED, "synchronize_session": False},
            )
    except DBAPIError as error:
        log.info("kept in the trash", table=str(model.__table__.fullname), reason=str(error.orig))
        return False
    return True

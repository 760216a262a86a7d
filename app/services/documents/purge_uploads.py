"""Removing kept files that no record refers to: forms that were left, files that were replaced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa

from app.db import atomic
from app.services.documents.keep_upload import FOLDER, small_key
from app.services.platform.read_setting import read_setting
from app.storage import storage
from models.base import Base

BATCH = 500


def purge_uploads(*, now: dt.datetime) -> int:
    """Delete uploads that nothing has referred to for the days of ``documents.unused_days``; tells
    how many. Records in the trash keep theirs.

    A file is safe while it is young, so that a form may still be open with it; a replaced one
    becomes young when it is replaced, so that an earlier version can be brought back for a while.
    """
    before = now - dt.timedelta(days=int(read_setting("documents.unused_days")))
    removed = 0
    batch: list[str] = []
    for stored in storage().stored(FOLDER):
        if stored.changed_at < before and not stored.key.endswith(".small.webp"):
            batch.append(stored.key)
        if len(batch) == BATCH:
            removed += _remove_unused(batch)
            batch = []
    return removed + _remove_unused(batch)


def _remove_unused(keys: list[str]) -> int:
    unused = set(keys) - _used(keys) if keys else set()
    for key in unused:
        storage().delete(key)
        storage().delete(small_key(key))
    return len(unused)


def _used(keys: list[str]) -> set[str]:
    """Those of the keys that some row holds, deleted rows included."""
    found: set[str] = set()
    with atomic() as session:
        for column in file_columns():
            found |= set(session.scalars(sa.select(column).where(column.in_(keys))))
    return found


def file_columns() -> Iterable[sa.Column[str]]:
    """Every column of any table that holds the key of a file."""
    for table in Base.metadata.sorted_tables:
        yield from (column for column in table.columns if column.info.get("file"))

"""Files of old imports are deleted, and what was noted to undo them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
import structlog

from app.db import atomic
from app.services.background.in_batches import forget_in_batches
from app.services.platform.read_setting import read_setting
from app.storage import StorageError, storage
from models.workspace import BackgroundWork, ImportBatch, ImportedRow
from models.workspace.background import LIVE
from models.workspace.imports import UNDONE_STATES

log = structlog.get_logger(__name__)
NOTES = 20_000


def mistakes_key(batch_id: uuid.UUID) -> str:
    """Where the rows with mistakes are in the storage, when there are any."""
    return f"imports/{batch_id}-mistakes.csv"


def purge_imports(*, now: dt.datetime) -> int:
    """Forget imports that nobody has touched for ``jobs.keep_days``; tells how many.

    Those that wrote nothing go altogether. Of the others a line with its counts stays; their files
    go, their mistakes, and, once they can't be undone any more (``imports.undo_days``), the old
    values of records. A file that the storage can't delete now is tried again next time.
    """
    old = now - dt.timedelta(days=read_setting("jobs.keep_days"))
    undoable = now - dt.timedelta(days=read_setting("imports.undo_days"))
    last = sa.func.coalesce(ImportBatch.undone_at, ImportBatch.ended_at, ImportBatch.created_at)
    busy = sa.select(BackgroundWork.id).where(BackgroundWork.status.in_(LIVE))
    idle = sa.or_(ImportBatch.work_id.is_(None), ImportBatch.work_id.not_in(busy))
    has_files = sa.or_(ImportBatch.file_key.is_not(None), ImportBatch.mistakes_key.is_not(None))
    written = ImportBatch.state.in_(UNDONE_STATES)
    stale = sa.and_(last < old, idle, sa.or_(~written, has_files))
    forgotten = forget_in_batches(
        sa.select(ImportBatch).where(stale).order_by(ImportBatch.created_at), _forget
    )
    over = sa.and_(written, idle, sa.or_(ImportBatch.state == "undone", last < undoable))
    _purge_notes(over)
    return forgotten


def _forget(session: Any, row: ImportBatch) -> bool:
    try:
        for key in filter(None, (row.file_key, mistakes_key(row.id))):
            storage().delete(key)
    except StorageError as error:
        log.warning("a file of an import can't be deleted", batch=str(row.id), reason=str(error))
        return False
    if row.state in UNDONE_STATES:
        row.file_key = row.mistakes_key = None
        row.mistakes = []
    else:
        session.delete(row)
    return True


def _purge_notes(over: sa.ColumnElement[bool]) -> None:
    """A part at a time, so that nobody waits for a transaction over a million rows."""
    batches = sa.select(ImportBatch.id).where(over)
    some = sa.select(ImportedRow.id).where(ImportedRow.batch_id.in_(batches)).limit(NOTES)
    statement = sa.delete(ImportedRow).where(ImportedRow.id.in_(some))
    while True:
        with atomic() as session:
            result: Any = session.execute(statement.execution_options(synchronize_session=False))
        if result.rowcount < NOTES:
            return

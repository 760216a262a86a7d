"""Old work is forgotten, and its files before it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
import structlog

from app.actor import Actor
from app.db import atomic
from app.errors import ConflictError
from app.i18n import gettext as _
from app.services.background.find_work import locked_work
from app.services.background.in_batches import forget_in_batches
from app.services.platform.read_setting import read_setting
from app.storage import StorageError, storage
from models.workspace.background import LIVE, BackgroundWork

log = structlog.get_logger(__name__)


class WorkIsLiveError(ConflictError):
    """Cancel it first."""

    code = "work_is_live"


def purge_old_work(*, now: dt.datetime) -> int:
    """Delete files that have expired, and work that was over ``jobs.keep_days`` ago; tells how
    many files and rows. A file that the storage can't delete now is tried again next time."""
    old = now - dt.timedelta(days=read_setting("jobs.keep_days"))
    work = sa.select(BackgroundWork).order_by(BackgroundWork.id)
    files = forget_in_batches(work.where(BackgroundWork.file_expires_at < now), _forget_file)
    over = sa.and_(BackgroundWork.ended_at < old, BackgroundWork.status.not_in(LIVE))
    return files + forget_in_batches(work.where(over), _forget_row)


def delete_work(work_id: Any, *, actor: Actor) -> None:
    """Forget one piece of work that is over, with its file.

    Raises ``WorkNotFoundError`` and :class:`WorkIsLiveError`.
    """
    with atomic() as session:
        row = locked_work(work_id, actor=actor)
        if row.status in LIVE:
            raise WorkIsLiveError(_("It is still under way; cancel it first."))
        _forget_row(session, row)


def _forget_file(_session: Any, row: BackgroundWork) -> bool:
    try:
        storage().delete(row.file_key or "")
    except StorageError as error:
        log.warning("an expired file can't be deleted", work=str(row.id), reason=str(error))
        return False
    row.file_key = row.file_expires_at = None
    return True


def _forget_row(session: Any, row: BackgroundWork) -> bool:
    if row.file_key and not _forget_file(session, row):
        return False
    session.delete(row)
    return True

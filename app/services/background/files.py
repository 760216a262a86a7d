"""Files that work makes: kept for whoever started it, until they expire."""

from __future__ import annotations

import datetime as dt
from typing import Any, BinaryIO

from app.services.background.state import Work, WorkFile
from app.services.platform.read_setting import read_setting
from app.storage import storage

FOLDER = "work"


def keep_file(work: Work, file: WorkFile, now: dt.datetime) -> dict[str, Any]:
    """Copy the file to the storage and delete ``file.path``; gives the columns that tell of it."""
    key = f"{FOLDER}/{now:%Y/%m}/{work.id}-{work.attempt}{file.path.suffix}"
    size = file.path.stat().st_size
    storage().put_file(key, file.path)
    file.path.unlink()
    return {
        "file_key": key,
        "file_name": file.name,
        "file_type": file.content_type,
        "file_size": size,
        "file_expires_at": now + dt.timedelta(hours=read_setting("jobs.file_hours")),
    }


def open_file(work: Work) -> BinaryIO:
    """The file of the work, to read and close; raises ``FileMissingError`` when it is gone."""
    return storage().open(work.file_key)

"""A piece of work as the functions that do it and the pages that show it see it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.workspace.background import LIVE, BackgroundWork


@dataclass(frozen=True, slots=True)
class Work:
    """``params`` are what :func:`start_work` was given; ``attempt`` counts from 1 each time that
    a worker takes it up. ``total`` is None while nobody knows it."""

    id: uuid.UUID
    kind: str
    title: str
    status: str
    params: Mapping[str, Any]
    done: int
    total: int | None
    started_by: int | None
    attempt: int
    created_at: dt.datetime
    begun_at: dt.datetime | None
    ended_at: dt.datetime | None
    cancelling: bool
    result: Mapping[str, Any]
    error: str
    link: str
    file_name: str
    file_key: str
    file_type: str
    file_size: int | None
    language: str
    request_id: uuid.UUID
    impersonator_id: int | None

    @property
    def live(self) -> bool:
        """Whether it waits or is under way."""
        return self.status in LIVE

    @classmethod
    def of(cls, row: BackgroundWork) -> Work:
        return cls(
            id=row.id,
            kind=row.kind,
            title=row.title,
            status=row.status,
            params=row.params,
            done=row.progress,
            total=row.total,
            started_by=row.started_by,
            attempt=row.attempts,
            created_at=row.created_at,
            begun_at=row.begun_at,
            ended_at=row.ended_at,
            cancelling=row.cancel_requested_at is not None,
            result=row.result or {},
            error=row.error or "",
            link=row.link or "",
            file_name=row.file_name or "",
            file_key=row.file_key or "",
            file_type=row.file_type or "application/octet-stream",
            file_size=row.file_size,
            language=row.language,
            request_id=row.request_id,
            impersonator_id=row.impersonator_id,
        )


@dataclass(frozen=True, slots=True)
class WorkFile:
    """A file that the work made, for whoever started it: ``path`` is copied to the storage."""

    path: Path
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class WorkFinished:
    """What a work function may return: JSON values, and a file.

    ``link`` replaces the page to go on to.
    """

    result: Mapping[str, Any] = field(default_factory=dict)
    file: WorkFile | None = None
    link: str = ""

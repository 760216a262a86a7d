"""Long work that people start and watch: exports, imports, bulk changes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    SECRET,
    Base,
    BigInt,
    CreatedAt,
    Json,
    UuidKey,
    choices,
    table_args,
    unaudited,
)
from models.defaults import EMPTY_OBJECT
from models.identity import USERS

LIVE = ("queued", "running")
"""States of work that isn't over."""


class BackgroundWork(UuidKey, CreatedAt, Base):
    """Work too long for a request. Neither ERD has it: the row is the queue, so that losing Redis
    loses nothing, and it is where a page reads how far the work is."""

    __tablename__ = "background_work"
    __table_args__ = table_args(
        "workspace",
        sa.Index(None, "started_by", "created_at"),
        sa.Index(None, "created_at", "id"),
        sa.Index(
            "ix_background_work_live",
            "heartbeat_at",
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        ),
        sa.Index(
            "ix_background_work_expiring",
            "file_expires_at",
            postgresql_where=sa.text("file_key IS NOT NULL"),
        ),
        comment="Long work: waiting, under way with its progress, or over with its outcome",
        **unaudited("Its progress changes each second; what it does to records is audited there"),
    )
    __title__ = ("title",)
    __plural__ = "Background work"
    __owners__ = ("started_by",)
    kind: Mapped[str] = mapped_column(comment="What is done, such as list.export")
    title: Mapped[str] = mapped_column(comment="What it is called on pages")
    status: Mapped[str] = mapped_column(
        default="queued",
        server_default="queued",
        info=choices("queued", "running", "done", "failed", "cancelled"),
        comment="State",
    )
    params: Mapped[Json] = mapped_column(
        default=dict, server_default=EMPTY_OBJECT, info=SECRET, comment="What it was asked for"
    )
    progress: Mapped[BigInt] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Steps done"
    )
    total: Mapped[BigInt | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Steps in all; empty while not known"
    )
    result: Mapped[dict[str, Any] | None] = mapped_column(
        pg.JSONB(none_as_null=True), info=SECRET, comment="What came of it"
    )
    error: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Why it failed, for the person who started it"
    )
    traceback: Mapped[str | None] = mapped_column(
        info=SECRET, comment="Where in the program it failed, for administrators"
    )
    started_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), comment="Who asked for it; it works as this user"
    )
    impersonator_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"),
        index=True,
        comment="Administrator who acted as the user",
    )
    language: Mapped[str] = mapped_column(
        default="es", server_default="es", comment="Language of whoever asked"
    )
    request_id: Mapped[uuid.UUID] = mapped_column(
        comment="Names the work's changes in the audit log"
    )
    link: Mapped[str | None] = mapped_column(comment="Page to go on to when it is over")
    attempts: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="How often it was taken up"
    )
    worker: Mapped[str | None] = mapped_column(comment="Process that took it up last")
    heartbeat_at: Mapped[dt.datetime | None] = mapped_column(
        comment="Last sign of life of that process"
    )
    begun_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was last taken up")
    ended_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was over")
    cancel_requested_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When somebody asked to stop it"
    )
    file_key: Mapped[str | None] = mapped_column(
        info=SECRET, comment="File it made, in the storage"
    )
    file_name: Mapped[str | None] = mapped_column(comment="Name of that file")
    file_type: Mapped[str | None] = mapped_column(comment="Media type of that file")
    file_size: Mapped[BigInt | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Bytes of that file"
    )
    file_expires_at: Mapped[dt.datetime | None] = mapped_column(comment="When that file is deleted")

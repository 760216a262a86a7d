"""Files that were imported into tables, and what each did: so that it can be undone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    NOT_NEGATIVE,
    READONLY,
    SECRET,
    Base,
    CreatedAt,
    IdentityKey,
    Json,
    UuidKey,
    choices,
    table_args,
    unaudited,
)
from models.defaults import EMPTY_OBJECT
from models.identity import USERS

UNDONE_STATES = ("done", "undoing", "undone")


class ImportBatch(UuidKey, CreatedAt, Base):
    """A file on its way into a table. Neither ERD has it: it holds the choices between the steps
    of an import, and is the place that an import is undone from."""

    __tablename__ = "import_batches"
    __table_args__ = table_args(
        "workspace",
        sa.Index(None, "table_name", "created_at"),
        sa.Index(None, "user_id", "created_at"),
        sa.Index(None, "created_at", "id"),
        comment="Imports of files: choices, state and counts",
        **unaudited("The rows that it adds and changes are audited, under its request id"),
    )
    __title__ = ("file_name",)
    __owners__ = ("user_id",)
    __plural__ = "Imports"
    table_name: Mapped[str] = mapped_column(comment="Schema and table, such as catalog.products")
    file_name: Mapped[str] = mapped_column(comment="Name of the file that was sent")
    file_key: Mapped[str | None] = mapped_column(
        info=SECRET, comment="That file in the storage; empty when it was deleted"
    )
    state: Mapped[str] = mapped_column(
        default="draft",
        server_default="draft",
        info=choices("draft", "checked", "done", "failed", "undoing", "undone") | READONLY,
        comment="State; a checked one was tried without writing anything",
    )
    options: Mapped[Json] = mapped_column(
        default=dict,
        server_default=EMPTY_OBJECT,
        info=SECRET,
        comment="Form of the file, columns by heading, and how rows are matched",
    )
    mode: Mapped[str] = mapped_column(
        default="all",
        server_default="all",
        info=choices(all="All rows or none", good="Good rows only") | READONLY,
        comment="Whether rows with mistakes keep the others out",
    )
    rows: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE | READONLY, comment="Rows of the file"
    )
    created: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE | READONLY, comment="Records added"
    )
    updated: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE | READONLY, comment="Records changed"
    )
    unchanged: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE | READONLY,
        comment="Records that were so already",
    )
    failed: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE | READONLY, comment="Rows with mistakes"
    )
    mistakes: Mapped[list[Any]] = mapped_column(
        default=list,
        server_default=sa.text("'[]'::jsonb"),
        info=SECRET,
        comment="The first mistakes: row, column and sentence of each",
    )
    mistakes_key: Mapped[str | None] = mapped_column(
        info=SECRET, comment="Rows with mistakes as a file in the storage"
    )
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), info=READONLY, comment="Who imports"
    )
    work_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("workspace.background_work.id", ondelete="SET NULL"),
        index=True,
        info=READONLY,
        comment="Work that checks, imports or undoes it",
    )
    ended_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was imported"
    )
    undone_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was undone"
    )
    undone_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"),
        index=True,
        info=READONLY,
        comment="Who undid it",
    )


class ImportedRow(IdentityKey, Base):
    """What an import did to one record. Neither ERD has it: the audit log leaves out what is
    masked, and can't be joined to a batch at the speed of an import."""

    __tablename__ = "imported_rows"
    __table_args__ = table_args(
        "workspace",
        sa.Index(None, "batch_id", "id"),
        comment="Records that an import added or changed, as they were before",
        **unaudited("Notes for undoing an import; the records themselves are audited"),
    )
    __title__ = ("record_id",)
    __parents__ = ("batch_id",)
    batch_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("workspace.import_batches.id", ondelete="CASCADE"), comment="Import"
    )
    row_number: Mapped[int] = mapped_column(
        info=NOT_NEGATIVE | READONLY, comment="Row of the file, the heading is row 1"
    )
    record_id: Mapped[str] = mapped_column(info=READONLY, comment="Key of the record, as text")
    action: Mapped[str] = mapped_column(
        info=choices("created", "updated") | READONLY, comment="What was done"
    )
    before: Mapped[dict[str, Any] | None] = mapped_column(
        pg.JSONB(none_as_null=True), info=SECRET, comment="Values before, of the columns changed"
    )
    stamp: Mapped[str] = mapped_column(
        info=SECRET, comment="State right after the import; another one since is somebody's change"
    )

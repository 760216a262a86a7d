"""Files and their categories."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    BigInt,
    CreatedAt,
    IdentityKey,
    Info,
    Json,
    SoftDelete,
    Timestamps,
    UuidKey,
    table_args,
    trigram,
)
from models.columns import About, No, Person, Yes
from models.defaults import EMPTY_OBJECT
from models.identity import current_user_id

# What the upload tells of a file goes into the columns beside its key.
UPLOADED: Info = {
    "file": {
        "name": "original_filename",
        "size": "file_size",
        "type": "mime_type",
        "hash": "file_hash",
    }
}


class DocumentCategory(IdentityKey, CreatedAt, Base):
    __tablename__ = "document_categories"
    __table_args__ = table_args(
        "documents",
        sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        comment="Categories of documents, as a tree",
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the category")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What belongs in the category"
    )
    parent_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("documents.document_categories.id"),
        index=True,
        comment="Category above; empty at the top",
    )
    icon: Mapped[str | None] = mapped_column(comment="Tabler icon name, such as file-text")
    is_active: Mapped[Yes] = mapped_column(comment="Offered on documents")


class Document(UuidKey, About, Timestamps, SoftDelete, Base):
    __tablename__ = "documents"
    __table_args__ = table_args(
        "documents",
        sa.UniqueConstraint("parent_document_id", "version_number"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "tags", postgresql_using="gin"),
        sa.CheckConstraint("parent_document_id <> id", name="not_its_own_parent"),
        *trigram("documents", "name", "original_filename"),
        comment="Files, each version of one as a row",
    )
    __title__ = ("name",)
    __owners__ = ("uploaded_by",)
    __parents__ = ("contact_id", "company_id", "lead_id", "deal_id", "job_id")
    name: Mapped[str] = mapped_column(comment="Name to show")
    original_filename: Mapped[str] = mapped_column(
        info=READONLY, comment="File name as it was uploaded"
    )
    file_path: Mapped[str] = mapped_column(
        info=READONLY | UPLOADED, comment="Key of the file in the document storage"
    )
    file_size: Mapped[BigInt] = mapped_column(info=READONLY | NOT_NEGATIVE, comment="Size, bytes")
    mime_type: Mapped[str] = mapped_column(
        info=READONLY, comment="Type found in the content, such as application/pdf"
    )
    file_hash: Mapped[str] = mapped_column(
        index=True, info=READONLY, comment="SHA-256 of the content, hexadecimal"
    )
    category_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("documents.document_categories.id"), index=True, comment="Category"
    )
    tags: Mapped[list[str]] = mapped_column(
        default=list, server_default="{}", comment="Words to find it by"
    )
    description: Mapped[str | None] = mapped_column(info=MULTILINE, comment="What it holds")
    uploaded_by: Mapped[Person | None] = mapped_column(
        default=current_user_id, info=READONLY, comment="Who uploaded it"
    )
    is_public: Mapped[No] = mapped_column(
        comment="Whoever has a link that has not expired may read it"
    )
    version_number: Mapped[int] = mapped_column(
        default=1, server_default="1", info=READONLY | {"min": 1}, comment="Version, from 1"
    )
    parent_document_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("documents.documents.id"),
        info=READONLY,
        comment="First version of the file; empty on the first version itself",
    )
    access_permissions: Mapped[Json] = mapped_column(
        default=dict,
        server_default=EMPTY_OBJECT,
        comment="Who else may read or change it: user and role ids by right",
    )

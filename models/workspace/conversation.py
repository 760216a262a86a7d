"""What people say about records, who follows which, and how far the changes were told."""

from __future__ import annotations

import datetime as dt
from typing import Any

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
    SoftDelete,
    choices,
    table_args,
    trigram,
    unaudited,
)
from models.columns import No, Person
from models.defaults import EMPTY_LIST
from models.identity import USERS, current_user_id

COMMENT_CHARACTERS = 5_000


class Comment(IdentityKey, CreatedAt, SoftDelete, Base):
    """Neither ERD has it: people talk about a record where it is, and whoever may read the record
    may read what was said."""

    __tablename__ = "comments"
    __table_args__ = table_args(
        "workspace",
        sa.CheckConstraint(
            f"btrim(body) <> '' AND char_length(body) <= {COMMENT_CHARACTERS}", name="body_length"
        ),
        sa.Index(None, "table_name", "record_id", "created_at", "id"),
        sa.Index(None, "created_at", "id"),
        *trigram("comments", "body"),
        comment="What people say about records",
    )
    __title__ = ("table_name", "record_id")
    __owners__ = ("author_id",)
    __about__ = True
    table_name: Mapped[str] = mapped_column(comment="Table of the record, such as crm.deals")
    record_id: Mapped[str] = mapped_column(comment="Key of the record, as text")
    body: Mapped[str] = mapped_column(
        info=MULTILINE, comment="What was said; @name mentions a user"
    )
    author_id: Mapped[Person | None] = mapped_column(
        default=current_user_id, info=READONLY, comment="Who said it"
    )
    edited_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the author last changed it"
    )


class Follower(IdentityKey, CreatedAt, Base):
    """Neither ERD has it: whom to tell when a record changes or is talked about. The owners of a
    record need no row; one that stopped has one."""

    __tablename__ = "followers"
    __table_args__ = table_args(
        "workspace",
        sa.UniqueConstraint("table_name", "record_id", "user_id"),
        comment="Users who follow a record, or want to hear nothing of it",
        **unaudited("What somebody wants to be told of changes nothing for anybody else"),
    )
    __title__ = ("table_name", "record_id")
    __owners__ = ("user_id",)
    __about__ = True
    table_name: Mapped[str] = mapped_column(comment="Table of the record, such as crm.deals")
    record_id: Mapped[str] = mapped_column(comment="Key of the record, as text")
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), index=True, comment="Who follows it"
    )
    reason: Mapped[str] = mapped_column(
        default="asked",
        server_default="asked",
        info=choices("mentioned", "commented", asked="Wanted to"),
        comment="Why",
    )
    is_muted: Mapped[No] = mapped_column(
        comment="Stopped following; nothing makes the user a follower again but the user"
    )


class AuditReader(IdentityKey, CreatedAt, Base):
    """Neither ERD has it: a program that works through the audit log remembers how far it is, and
    which numbers were missing because their transactions hadn't ended."""

    __tablename__ = "audit_readers"
    __table_args__ = table_args(
        "workspace",
        comment="How far programs have read the audit log",
        **unaudited("It moves with each entry of the audit log"),
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Program, such as followers")
    last_id: Mapped[BigInt] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Last entry read"
    )
    gaps: Mapped[list[Any]] = mapped_column(
        default=list,
        server_default=EMPTY_LIST,
        comment="Numbers passed over that may still appear: first, last and when it was noticed",
    )
    read_at: Mapped[dt.datetime | None] = mapped_column(comment="When it last read")

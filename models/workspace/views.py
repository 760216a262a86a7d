"""How people like their screens: preferences, and views of lists kept under a name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, IdentityKey, Timestamps, choices, table_args, trigram, unaudited
from models.columns import No
from models.identity import USERS

KEY_FORMAT = "^[a-z][a-zA-Z0-9_.:-]{0,119}$"
PREFERENCE_BYTES = 8_000
QUERY_CHARACTERS = 8_000


class Preference(IdentityKey, Timestamps, Base):
    """Neither ERD has it: columns, page sizes and the like are remembered per user and screen,
    and follow the person from one computer to another."""

    __tablename__ = "preferences"
    __table_args__ = table_args(
        "workspace",
        sa.UniqueConstraint("user_id", "preference_key"),
        sa.CheckConstraint(f"preference_key ~ '{KEY_FORMAT}'", name="preference_key_format"),
        sa.CheckConstraint(f"octet_length(value::text) <= {2 * PREFERENCE_BYTES}", name="small"),
        comment="What a user has set for a screen, such as the columns of a list",
        **unaudited("How somebody likes a screen changes nothing for anybody else"),
    )
    __title__ = ("preference_key",)
    __owners__ = ("user_id",)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), comment="Whose preference it is"
    )
    preference_key: Mapped[str] = mapped_column(
        comment="What is preferred, such as list:sales.orders"
    )
    value: Mapped[Any] = mapped_column(pg.JSONB, comment="The preference")


class SavedView(IdentityKey, Timestamps, Base):
    """Neither ERD has it: filters, columns and order of a list that somebody wants to come back to,
    or that everybody shall find."""

    __tablename__ = "saved_views"
    __table_args__ = table_args(
        "workspace",
        sa.CheckConstraint("btrim(name) <> '' AND char_length(name) <= 100", name="name_length"),
        sa.CheckConstraint(f"char_length(query) <= {QUERY_CHARACTERS}", name="query_length"),
        sa.CheckConstraint("is_shared OR NOT is_default", name="default_is_shared"),
        sa.Index(
            "uq_saved_views_name", "user_id", "table_name", sa.text("lower(name)"), unique=True
        ),
        sa.Index(
            "uq_saved_views_default",
            "table_name",
            unique=True,
            postgresql_where=sa.text("is_default"),
        ),
        sa.Index(None, "table_name", postgresql_where=sa.text("is_shared")),
        *trigram("saved_views", "name"),
        comment="Views of lists kept under a name",
    )
    __title__ = ("name",)
    __owners__ = ("user_id",)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), comment="Who made the view"
    )
    table_name: Mapped[str] = mapped_column(comment="Table of the list, such as sales.orders")
    name: Mapped[str] = mapped_column(comment="Name")
    kind: Mapped[str] = mapped_column(
        default="list",
        server_default="list",
        info=choices("list", "board", "calendar", "tree", "gallery", "chart"),
        comment="How the rows are shown",
    )
    query: Mapped[str] = mapped_column(
        default="",
        server_default="",
        comment="Search, filters and order as they stand in the address of the list",
    )
    columns: Mapped[list[str] | None] = mapped_column(
        comment="Columns shown, in their order; empty for those that each reader has chosen"
    )
    is_shared: Mapped[No] = mapped_column(comment="Everybody who may read the list finds it")
    is_default: Mapped[No] = mapped_column(
        comment="The list opens with it for whoever has chosen no other"
    )

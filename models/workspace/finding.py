"""What people come back to: pages they marked, and the records they looked at last."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt, IdentityKey, now, table_args, unaudited
from models.columns import SortOrder
from models.identity import USERS

URL_CHARACTERS = 2_000
TITLE_CHARACTERS = 200


class Favourite(IdentityKey, CreatedAt, Base):
    """Neither ERD has it: the pages that somebody keeps at hand in the navigation."""

    __tablename__ = "favourites"
    __table_args__ = table_args(
        "workspace",
        sa.UniqueConstraint("user_id", "url"),
        sa.CheckConstraint(
            f"url ~ '^/[^/]' AND char_length(url) <= {URL_CHARACTERS}", name="url_is_ours"
        ),
        sa.CheckConstraint(
            f"btrim(title) <> '' AND char_length(title) <= {TITLE_CHARACTERS}", name="title_length"
        ),
        comment="Pages that a user keeps at hand: records, lists with their filters, screens",
        **unaudited("What somebody keeps at hand changes nothing for anybody else"),
    )
    __title__ = ("title",)
    __owners__ = ("user_id",)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), comment="Whose favourite it is"
    )
    url: Mapped[str] = mapped_column(comment="Address of the page within the site")
    title: Mapped[str] = mapped_column(comment="What the user calls it")
    position: Mapped[SortOrder]


class RecentRecord(IdentityKey, Base):
    """Neither ERD has it: the way back to what one was working on a moment ago."""

    __tablename__ = "recent_records"
    __table_args__ = table_args(
        "workspace",
        sa.UniqueConstraint("user_id", "table_name", "record_key"),
        sa.Index(None, "user_id", "viewed_at"),
        comment="Records that each user looked at last",
        **unaudited("Looking changes nothing"),
    )
    __title__ = ("title",)
    __owners__ = ("user_id",)
    user_id: Mapped[int] = mapped_column(
        sa.ForeignKey(USERS, ondelete="CASCADE"), comment="Who looked"
    )
    table_name: Mapped[str] = mapped_column(comment="Table of the record, such as sales.orders")
    record_key: Mapped[str] = mapped_column(comment="Key of the record, as it stands in addresses")
    title: Mapped[str] = mapped_column(comment="What the record was called for whoever looked")
    viewed_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, comment="When it was last looked at"
    )

"""Counting what is really there.

A count lasts hours while people sell, and many may work on it: what was found, and what the stock
was at that very moment, must be kept line by line until somebody approves it. Snapshots hold only
what came of it, so these two tables stand beside those of the design.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    IdentityKey,
    Versioned,
    choices,
    now,
    table_args,
    trigram,
)
from models.identity import USERS
from models.inventory.stock import LOCATIONS, VARIANTS


class StockCount(IdentityKey, Versioned, Base):
    __tablename__ = "stock_counts"
    __table_args__ = table_args(
        "inventory",
        sa.CheckConstraint(
            "(scope = 'category') = (category_id IS NOT NULL)", name="has_its_category"
        ),
        sa.CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed_has_a_date"),
        sa.CheckConstraint("closed_at >= opened_at", name="closes_later"),
        sa.Index(
            "uq_stock_counts_open",
            "location_id",
            unique=True,
            postgresql_where=sa.text("status = 'open'"),
        ),
        sa.Index(None, "location_id", "opened_at"),
        sa.Index(None, "opened_at", "id"),
        *trigram("stock_counts", "number"),
        comment="Physical counts of a location; at most one is open at each",
    )
    __title__ = ("number",)
    number: Mapped[str] = mapped_column(
        unique=True, info=READONLY, comment="Number of the count, without gaps"
    )
    location_id: Mapped[int] = mapped_column(sa.ForeignKey(LOCATIONS), comment="Location")
    scope: Mapped[str] = mapped_column(
        default="all",
        server_default="all",
        info=choices(all="Everything", category="A category", list="A list"),
        comment="What is counted",
    )
    category_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("catalog.categories.id"), index=True, comment="Category that is counted"
    )
    is_blind: Mapped[bool] = mapped_column(
        default=False,
        server_default=sa.false(),
        comment="Those who count don't see what should be there",
    )
    status: Mapped[str] = mapped_column(
        default="open",
        server_default="open",
        info=choices("open", "approved", "cancelled"),
        comment="Open, or how it ended",
    )
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Remark")
    opened_at: Mapped[dt.datetime] = mapped_column(server_default=now, comment="When it was opened")
    opened_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who opened it"
    )
    closed_at: Mapped[dt.datetime | None] = mapped_column(comment="When it ended")
    closed_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who approved or cancelled"
    )
    lines: Mapped[list[StockCountLine]] = relationship(
        back_populates="stock_count", order_by="StockCountLine.id"
    )


class StockCountLine(IdentityKey, Base):
    __tablename__ = "stock_count_lines"
    __table_args__ = table_args(
        "inventory",
        sa.UniqueConstraint("count_id", "variant_id"),
        sa.CheckConstraint(
            "num_nonnulls(counted, expected, counted_at) IN (0, 3)", name="counted_at_a_moment"
        ),
        sa.Index(None, "count_id", "counted_at"),
        comment="What a count found of each variant, beside what the stock was at that moment",
    )
    __title__ = ("stock_count", "variant")
    __parents__ = ("count_id",)
    count_id: Mapped[int] = mapped_column(
        sa.ForeignKey("inventory.stock_counts.id", ondelete="CASCADE"), comment="Count"
    )
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey(VARIANTS), index=True, comment="Variant")
    counted: Mapped[int | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Pieces found; empty until somebody counts them"
    )
    expected: Mapped[int | None] = mapped_column(
        comment="Pieces on hand at the moment they were counted"
    )
    discrepancy: Mapped[int | None] = mapped_column(
        sa.Integer,
        sa.Computed("counted - expected", persisted=True),
        comment="Counted less on hand at that moment",
    )
    counted_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was last counted")
    counted_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who counted"
    )
    stock_count: Mapped[StockCount] = relationship(back_populates="lines")

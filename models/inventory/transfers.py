"""Goods on their way from one location to another.

The ledger alone can't say which pieces left together, nor that fewer arrived than left: hence a
document with lines, beside the tables of the design. While it is under way its pieces are on hand
at a location of the type ``transit``, so that nothing is ever nowhere.
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
    UnitPrice,
    Versioned,
    choices,
    now,
    table_args,
    trigram,
)
from models.identity import USERS
from models.inventory.stock import LOCATIONS, POSITIVE, VARIANTS


class StockTransfer(IdentityKey, Versioned, Base):
    __tablename__ = "stock_transfers"
    __table_args__ = table_args(
        "inventory",
        sa.CheckConstraint("from_location_id <> to_location_id", name="locations_differ"),
        sa.CheckConstraint(
            "transit_location_id NOT IN (from_location_id, to_location_id)", name="transit_differs"
        ),
        sa.CheckConstraint(
            "(status = 'in_transit') = (received_at IS NULL)", name="received_has_a_date"
        ),
        sa.CheckConstraint("received_at >= dispatched_at", name="received_later"),
        sa.Index(None, "dispatched_at", "id"),
        sa.Index(None, "status", "dispatched_at"),
        *trigram("stock_transfers", "number"),
        comment="Goods sent from one location to another: under way, or received",
    )
    __title__ = ("number",)
    number: Mapped[str] = mapped_column(
        unique=True, info=READONLY, comment="Number of the transfer, without gaps"
    )
    status: Mapped[str] = mapped_column(
        default="in_transit",
        server_default="in_transit",
        info=choices("in_transit", "received"),
        comment="Under way, or received",
    )
    from_location_id: Mapped[int] = mapped_column(
        sa.ForeignKey(LOCATIONS), index=True, comment="Where the goods left"
    )
    to_location_id: Mapped[int] = mapped_column(
        sa.ForeignKey(LOCATIONS), index=True, comment="Where the goods go"
    )
    transit_location_id: Mapped[int] = mapped_column(
        sa.ForeignKey(LOCATIONS), index=True, comment="Location that holds them on their way"
    )
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Remark of who sent them")
    receipt_notes: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Remark of who received them: why pieces are missing"
    )
    dispatched_at: Mapped[dt.datetime] = mapped_column(server_default=now, comment="When they left")
    dispatched_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who sent them"
    )
    received_at: Mapped[dt.datetime | None] = mapped_column(comment="When they arrived")
    received_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who received them"
    )
    lines: Mapped[list[StockTransferLine]] = relationship(
        back_populates="transfer", order_by="StockTransferLine.id"
    )


class StockTransferLine(IdentityKey, Base):
    __tablename__ = "stock_transfer_lines"
    __table_args__ = table_args(
        "inventory",
        sa.UniqueConstraint("transfer_id", "variant_id"),
        comment="What a transfer carries: pieces sent, and pieces that arrived",
    )
    __title__ = ("transfer", "variant")
    __parents__ = ("transfer_id",)
    transfer_id: Mapped[int] = mapped_column(
        sa.ForeignKey("inventory.stock_transfers.id", ondelete="CASCADE"), comment="Transfer"
    )
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey(VARIANTS), index=True, comment="Variant")
    quantity_sent: Mapped[int] = mapped_column(info=POSITIVE, comment="Pieces that left")
    quantity_received: Mapped[int | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Pieces that arrived; empty while they are under way"
    )
    unit_cost: Mapped[UnitPrice | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Cost of a piece without IGV, in soles"
    )
    transfer: Mapped[StockTransfer] = relationship(back_populates="lines")

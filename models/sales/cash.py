"""Till sessions and the cash put in or taken out during them."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    APPEND_ONLY,
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    Json,
    Money,
    Versioned,
    choices,
    now,
    table_args,
    trigram,
)
from models.defaults import EMPTY_OBJECT, ZERO
from models.identity import USERS


class CashSession(IdentityKey, Versioned, Base):
    __tablename__ = "cash_sessions"
    __table_args__ = table_args(
        "sales",
        *trigram("cash_sessions", "notes"),
        sa.Index(
            "uq_cash_sessions_open",
            "user_id",
            "location_id",
            unique=True,
            postgresql_where=sa.text("status = 'open'"),
        ),
        sa.CheckConstraint("closed_at >= opened_at", name="closes_later"),
        sa.CheckConstraint(
            "status = 'open' OR "
            "(closed_at IS NOT NULL AND expected_cash IS NOT NULL AND actual_cash IS NOT NULL)",
            name="closed_is_counted",
        ),
        sa.Index(None, "opened_at", "id"),
        sa.Index(None, "user_id", "opened_at"),
        sa.Index(None, "location_id", "opened_at"),
        comment="Till sessions: from opening with a float to the count at close",
    )
    __title__ = ("id", "opened_at")
    __owners__ = ("user_id",)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(USERS), comment="Cashier")
    location_id: Mapped[int] = mapped_column(
        sa.ForeignKey("inventory.locations.id"), comment="Location"
    )
    opened_at: Mapped[dt.datetime] = mapped_column(server_default=now, comment="When it was opened")
    closed_at: Mapped[dt.datetime | None] = mapped_column(comment="When the cash was counted")
    starting_cash: Mapped[Money] = mapped_column(
        default=ZERO, server_default="0", info=NOT_NEGATIVE, comment="Float at opening, in soles"
    )
    expected_cash: Mapped[Money | None] = mapped_column(
        info=READONLY, comment="Cash that should be there: float, cash kept, paid in and out"
    )
    actual_cash: Mapped[Money | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Cash counted at close"
    )
    discrepancy: Mapped[Money | None] = mapped_column(
        sa.Computed("actual_cash - expected_cash", persisted=True),
        comment="Counted less expected; negative when cash is missing",
    )
    counted_denominations: Mapped[Json] = mapped_column(
        default=dict, server_default=EMPTY_OBJECT, comment="How many of each note and coin"
    )
    status: Mapped[str] = mapped_column(
        default="open",
        server_default="open",
        info=choices("open", "awaiting_approval", "closed", rejected="To be counted again"),
        comment="State; a large difference waits for a manager",
    )
    approved_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS),
        index=True,
        info=READONLY,
        comment="Who approved or rejected the difference",
    )
    approved_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the difference was approved or rejected"
    )
    decision_reason: Mapped[str | None] = mapped_column(
        info=MULTILINE | READONLY, comment="Why the difference was approved or rejected"
    )
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Remarks at close")
    movements: Mapped[list[CashMovement]] = relationship(
        back_populates="session", order_by="CashMovement.id"
    )
    z_report: Mapped[ZReport | None] = relationship(back_populates="session")


class CashMovement(IdentityKey, CreatedAt, Base):
    __tablename__ = "cash_movements"
    __table_args__ = table_args(
        "sales",
        *trigram("cash_movements", "reason"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.Index(None, "created_at", "id"),
        comment="Cash put in or taken out of a till apart from sales; never changed",
        **APPEND_ONLY,
    )
    __title__ = ("type", "amount")
    __owners__ = ("user_id",)
    __parents__ = ("session_id",)
    session_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sales.cash_sessions.id"), index=True, comment="Till session"
    )
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who moved the cash"
    )
    type: Mapped[str] = mapped_column(
        info=choices(**{"in": "Paid in", "out": "Paid out"}), comment="In or out"
    )
    amount: Mapped[Money] = mapped_column(comment="Soles, always positive")
    reason: Mapped[str] = mapped_column(comment="Why the cash was moved")
    session: Mapped[CashSession] = relationship(
        back_populates="movements", foreign_keys=[session_id]
    )


class ZReport(IdentityKey, CreatedAt, Base):
    """Neither ERD has it: what was printed at close must be what is printed again, so its figures
    stay as they were, apart from rows that go on changing (names, returned orders)."""

    __tablename__ = "z_reports"
    __table_args__ = table_args(
        "sales",
        *trigram("z_reports", "number"),
        sa.Index(None, "location_id", "created_at"),
        sa.Index(None, "created_at", "id"),
        comment="Z reports: the sums of a till session as it was closed; never changed",
        **APPEND_ONLY,
    )
    __title__ = ("number",)
    __plural__ = "Z reports"
    __owners__ = ("user_id",)
    __parents__ = ("session_id",)
    number: Mapped[str] = mapped_column(
        unique=True, comment="Number of the report, without gaps at each location"
    )
    session_id: Mapped[int] = mapped_column(
        sa.ForeignKey("sales.cash_sessions.id"), unique=True, comment="Till session"
    )
    location_id: Mapped[int] = mapped_column(
        sa.ForeignKey("inventory.locations.id"), comment="Location"
    )
    user_id: Mapped[int] = mapped_column(sa.ForeignKey(USERS), index=True, comment="Cashier")
    total: Mapped[Money] = mapped_column(comment="Sales of the session, in soles")
    content: Mapped[Json] = mapped_column(comment="All figures, as they were printed")
    session: Mapped[CashSession] = relationship(
        back_populates="z_report", foreign_keys=[session_id]
    )

"""Points and money that customers hold with us: a balance and its append-only ledger."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    APPEND_ONLY,
    MULTILINE,
    NOT_NEGATIVE,
    Base,
    CreatedAt,
    IdentityKey,
    Money,
    Versioned,
    choices,
    now,
    table_args,
    trigram,
)
from models.customers.customers import CUSTOMERS
from models.defaults import ZERO
from models.partitions import BY_CREATED_AT, PartitionedKey


class LoyaltyAccount(IdentityKey, Versioned, Base):
    __tablename__ = "loyalty_accounts"
    __table_args__ = table_args("customers", comment="Points of each customer")
    __title__ = ("customer",)
    customer_id: Mapped[int] = mapped_column(
        sa.ForeignKey(CUSTOMERS), unique=True, comment="Customer"
    )
    points_balance: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="Points to spend: sum of the movements",
    )
    lifetime_points: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Points ever earned"
    )
    last_movement_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When points were last earned or used"
    )


class LoyaltyMovement(PartitionedKey, Base):
    __tablename__ = "loyalty_movements"
    __table_args__ = table_args(
        "customers",
        *trigram("loyalty_movements", "reason"),
        sa.CheckConstraint("points <> 0", name="points_not_zero"),
        sa.CheckConstraint(
            "(type <> 'earn' OR points > 0) AND (type NOT IN ('redeem', 'expire') OR points < 0)",
            name="points_sign",
        ),
        sa.Index(None, "loyalty_account_id", "created_at"),
        sa.Index(None, "created_at", "id"),
        sa.Index("ix_loyalty_movements_created_at_brin", "created_at", postgresql_using="brin"),
        comment="Ledger of points: each time they were earned, used or lost; never changed",
        **BY_CREATED_AT,
        **APPEND_ONLY,
    )
    __title__ = ("type", "points")
    loyalty_account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("customers.loyalty_accounts.id"), comment="Account"
    )
    type: Mapped[str] = mapped_column(
        info=choices("earn", "redeem", "expire", "reverse", "adjust", "merge"),
        comment="Why the points changed",
    )
    points: Mapped[int] = mapped_column(comment="Points; negative when used or lost")
    order_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("sales.orders.id"), index=True, comment="Order that changed them"
    )
    reason: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Reason or remark")


class CustomerWallet(IdentityKey, Versioned, Base):
    __tablename__ = "customer_wallets"
    __table_args__ = table_args("customers", comment="Money that each customer holds with us")
    __title__ = ("customer",)
    customer_id: Mapped[int] = mapped_column(
        sa.ForeignKey(CUSTOMERS), unique=True, comment="Customer"
    )
    balance: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="Soles to spend: sum of the movements",
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, onupdate=now, comment="When the balance last changed"
    )


class WalletTransaction(IdentityKey, CreatedAt, Base):
    __tablename__ = "wallet_transactions"
    __table_args__ = table_args(
        "customers",
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.Index(None, "wallet_id", "created_at"),
        sa.Index(None, "created_at", "id"),
        sa.Index("ix_wallet_transactions_created_at_brin", "created_at", postgresql_using="brin"),
        *trigram("wallet_transactions", "reference"),
        comment="Ledger of wallets: each payment in and out; never changed",
        **APPEND_ONLY,
    )
    __title__ = ("type", "amount")
    wallet_id: Mapped[int] = mapped_column(
        sa.ForeignKey("customers.customer_wallets.id"), comment="Wallet"
    )
    type: Mapped[str] = mapped_column(
        info=choices(CREDIT="Credit", DEBIT="Debit", REFUND="Refund"),
        comment="Credit and refund add to the balance, debit takes from it",
    )
    amount: Mapped[Money] = mapped_column(comment="Soles, always positive")
    reference: Mapped[str | None] = mapped_column(
        comment="What it was for, such as an order number"
    )

"""Money given back."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    MULTILINE,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    Info,
    Money,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.billing.columns import ToInvoice, ToPayment
from models.columns import Amount, Creator, Currency, No, Person, Yes

STATUSES: Info = choices(
    "pending_approval", "approved", "rejected", "processing", "completed", "failed"
)


class RefundReason(IdentityKey, CreatedAt, Base):
    __tablename__ = "refund_reasons"
    __table_args__ = table_args("billing", comment="Reasons to give money back")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the reason")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What counts as this reason"
    )
    requires_approval: Mapped[Yes] = mapped_column(comment="Refunds for this reason need approval")
    is_active: Mapped[Yes] = mapped_column(comment="Offered on new refunds")


class Refund(UuidKey, Timestamps, Base):
    __tablename__ = "refunds"
    __table_args__ = table_args(
        "billing",
        sa.Index(None, "refund_date", "id"),
        sa.Index(
            "ix_refunds_queue",
            "status",
            "created_at",
            postgresql_where=sa.text("status IN ('pending_approval', 'approved', 'processing')"),
        ),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("processing_fee <= amount", name="fee_within_amount"),
        sa.CheckConstraint(
            "status <> 'failed' OR failure_reason IS NOT NULL", name="failed_has_reason"
        ),
        *trigram("refunds", "refund_number"),
        comment="Money given back of a payment",
    )
    __title__ = ("refund_number",)
    __owners__ = ("requested_by",)
    refund_number: Mapped[str] = mapped_column(
        unique=True, info=READONLY, comment="Number of the refund"
    )
    payment_id: Mapped[ToPayment] = mapped_column(comment="Payment given back, in whole or part")
    invoice_id: Mapped[ToInvoice] = mapped_column(comment="Invoice that was paid")
    amount: Mapped[Money] = mapped_column(
        info={"currency": "currency"}, comment="Amount taken off the payment"
    )
    currency: Mapped[Currency] = mapped_column(comment="Currency of the amounts: the payment's")
    reason_id: Mapped[int] = mapped_column(
        sa.ForeignKey("billing.refund_reasons.id"), index=True, comment="Reason"
    )
    reason_description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="The reason in detail"
    )
    refund_date: Mapped[dt.date] = mapped_column(comment="Date of the refund")
    stripe_refund_id: Mapped[str | None] = mapped_column(
        unique=True, info=READONLY, comment="Stripe's refund"
    )
    stripe_status: Mapped[str | None] = mapped_column(
        info=READONLY, comment="State of the refund at Stripe"
    )
    processing_fee: Mapped[Amount] = mapped_column(comment="Kept for the cost of the payment")
    net_refund_amount: Mapped[Money] = mapped_column(
        sa.Numeric(14, 2),
        sa.Computed("amount - processing_fee", persisted=True),
        info=READONLY | {"currency": "currency"},
        comment="What the customer gets",
    )
    status: Mapped[str] = mapped_column(
        default="pending_approval",
        server_default="pending_approval",
        info=READONLY | STATUSES,
        comment="Where it is on the way to the customer",
    )
    approved_by: Mapped[Person | None] = mapped_column(
        info=READONLY, comment="Who approved or rejected it"
    )
    approved_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was approved or rejected"
    )
    processed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the money was sent"
    )
    failure_reason: Mapped[str | None] = mapped_column(
        info=READONLY | MULTILINE, comment="Why it failed"
    )
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Remarks on the refund")
    customer_notification_sent: Mapped[No] = mapped_column(
        info=READONLY, comment="The customer was told"
    )
    requested_by: Mapped[Creator | None] = mapped_column(comment="Who asked for it")
    processed_by: Mapped[Person | None] = mapped_column(info=READONLY, comment="Who sent the money")

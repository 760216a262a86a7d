"""Payments of invoices, how they can be made, and links to pay."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    PERCENT,
    READONLY,
    SECRET,
    Base,
    CreatedAt,
    IdentityKey,
    Info,
    Money,
    Percent,
    SoftDelete,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.billing.columns import ToInvoice
from models.columns import URL, Creator, Currency, DerivedAmount, LineAmount, No, SortOrder, Yes
from models.defaults import ZERO

STATUSES: Info = choices(
    "pending",
    "completed",
    "failed",
    "cancelled",
    "partially_refunded",
    "refunded",
    "disputed",
)


class PaymentMethod(IdentityKey, CreatedAt, Base):
    __tablename__ = "payment_methods"
    __table_args__ = table_args("billing", comment="Ways to pay an invoice")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the method")
    code: Mapped[str] = mapped_column(unique=True, comment="Short code, such as transfer")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="How to pay this way, as told to customers"
    )
    is_online: Mapped[No] = mapped_column(comment="Paid through the payment link")
    requires_reference: Mapped[No] = mapped_column(comment="A payment needs an operation number")
    processing_fee_percentage: Mapped[Percent] = mapped_column(
        default=ZERO, server_default="0", info=PERCENT, comment="Fee on the amount, percent"
    )
    processing_fee_fixed: Mapped[LineAmount] = mapped_column(
        comment="Fee on each payment, in its currency"
    )
    is_active: Mapped[Yes] = mapped_column(comment="Offered on new payments")
    sort_order: Mapped[SortOrder]


class InvoicePayment(UuidKey, Timestamps, SoftDelete, Base):
    __tablename__ = "payments"
    __table_args__ = table_args(
        "billing",
        # One Stripe payment may cover several invoices, each of them once.
        sa.UniqueConstraint("stripe_payment_intent_id", "invoice_id"),
        sa.Index(None, "payment_date", "id"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("card_last_four ~ '^[0-9]{4}$'", name="card_last_four_digits"),
        sa.CheckConstraint(
            "status <> 'failed' OR failure_reason IS NOT NULL", name="failed_has_reason"
        ),
        *trigram("payments", "payment_number", "reference_number"),
        comment="Payments of invoices",
    )
    __title__ = ("payment_number",)
    __parents__ = ("invoice_id",)
    __plural__ = "Invoice payments"
    payment_number: Mapped[str] = mapped_column(
        unique=True, info=READONLY, comment="Number of the payment"
    )
    invoice_id: Mapped[ToInvoice] = mapped_column(comment="Invoice paid")
    amount: Mapped[Money] = mapped_column(
        info={"currency": "currency"}, comment="Amount paid, fees included"
    )
    currency: Mapped[Currency] = mapped_column(comment="Currency of the amounts: the invoice's")
    payment_date: Mapped[dt.date] = mapped_column(comment="When the money was received")
    payment_method_id: Mapped[int] = mapped_column(
        sa.ForeignKey("billing.payment_methods.id"), index=True, comment="How it was paid"
    )
    reference_number: Mapped[str | None] = mapped_column(
        comment="Operation number of the bank or wallet"
    )
    stripe_payment_intent_id: Mapped[str | None] = mapped_column(
        info=READONLY, comment="Stripe's PaymentIntent"
    )
    stripe_charge_id: Mapped[str | None] = mapped_column(
        index=True, info=READONLY, comment="Stripe's charge"
    )
    stripe_fee_amount: Mapped[DerivedAmount] = mapped_column(comment="Fee that Stripe kept")
    processing_fee: Mapped[DerivedAmount] = mapped_column(
        comment="Fee by the rules of the method, other than Stripe's"
    )
    net_amount: Mapped[Money] = mapped_column(
        sa.Numeric(14, 2),
        sa.Computed("amount - stripe_fee_amount - processing_fee", persisted=True),
        info=READONLY | {"currency": "currency"},
        comment="What is left after the fees",
    )
    status: Mapped[str] = mapped_column(
        default="pending",
        server_default="pending",
        index=True,
        info=READONLY | STATUSES,
        comment="Whether the money was received, and kept",
    )
    failure_reason: Mapped[str | None] = mapped_column(
        info=READONLY | MULTILINE, comment="Why it failed"
    )
    card_last_four: Mapped[str | None] = mapped_column(
        info=READONLY, comment="Last four digits of the card"
    )
    card_brand: Mapped[str | None] = mapped_column(info=READONLY, comment="Brand of the card")
    bank_name: Mapped[str | None] = mapped_column(comment="Bank it came from")
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Remarks on the payment")
    receipt_url: Mapped[str | None] = mapped_column(
        info=READONLY | URL, comment="Address of the receipt"
    )
    receipt_email_sent: Mapped[No] = mapped_column(
        info=READONLY, comment="The receipt was sent by e-mail"
    )
    recorded_by: Mapped[Creator | None] = mapped_column(
        comment="Who recorded it; empty for an online payment"
    )
    processed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was completed or failed"
    )


class PaymentLink(UuidKey, Timestamps, Base):
    __tablename__ = "payment_links"
    __table_args__ = table_args(
        "billing",
        *trigram("payment_links", "description"),
        sa.Index(None, "created_at", "id"),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("current_usage_count <= max_usage_count", name="uses_within_limit"),
        sa.CheckConstraint("last_accessed_at >= first_accessed_at", name="accessed_in_order"),
        comment="Links to pay an invoice online",
    )
    __title__ = ("description",)
    __parents__ = ("invoice_id",)
    invoice_id: Mapped[ToInvoice] = mapped_column(comment="Invoice to pay")
    link_token: Mapped[str] = mapped_column(
        unique=True, info=SECRET, comment="Token in the address of the link"
    )
    amount: Mapped[Money] = mapped_column(
        info={"currency": "currency"}, comment="Amount to pay, before Stripe's fee"
    )
    currency: Mapped[Currency] = mapped_column(comment="Currency of the amount: the invoice's")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What the customer reads on the payment page"
    )
    stripe_payment_intent_id: Mapped[str | None] = mapped_column(
        index=True, info=READONLY, comment="Stripe's PaymentIntent of the latest use"
    )
    include_stripe_fee: Mapped[No] = mapped_column(comment="The customer pays Stripe's fee too")
    expires_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When the link stops working; empty for never"
    )
    max_usage_count: Mapped[int] = mapped_column(
        default=1, server_default="1", info={"min": 1}, comment="Payments it may be used for"
    )
    current_usage_count: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=READONLY | NOT_NEGATIVE,
        comment="Payments it was used for",
    )
    is_active: Mapped[Yes] = mapped_column(comment="Works; a revoked link does not")
    is_used: Mapped[No] = mapped_column(info=READONLY, comment="All its uses are spent")
    qr_code_url: Mapped[str | None] = mapped_column(
        info=READONLY | URL, comment="Address of its QR code"
    )
    created_by: Mapped[Creator | None]
    first_accessed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was first opened"
    )
    last_accessed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was last opened"
    )
    access_count: Mapped[int] = mapped_column(
        default=0, server_default="0", info=READONLY | NOT_NEGATIVE, comment="Times opened"
    )

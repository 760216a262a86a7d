"""Invoices."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    ExchangeRate,
    Info,
    Money,
    SoftDelete,
    Timestamps,
    UnitPrice,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.billing.columns import (
    DELIVERY_METHODS,
    DISCOUNT_TYPES,
    HAS_CUSTOMER,
    ToBillingInfo,
    ToTemplate,
)
from models.columns import (
    Amount,
    Creator,
    Currency,
    DerivedAmount,
    Editor,
    No,
    Person,
    ToCompany,
    ToContact,
    ToDeal,
    ToJob,
)
from models.defaults import EMPTY_LIST, ZERO

if TYPE_CHECKING:
    from models.billing.invoice_lines import InvoiceLineItem

STATUSES: Info = choices(
    "draft",
    "pending_approval",
    "approved",
    "sent",
    "viewed",
    "partially_paid",
    "paid",
    "overdue",
    "void",
)

_RULES = (
    sa.CheckConstraint(HAS_CUSTOMER, name="has_customer"),
    sa.CheckConstraint("due_date >= invoice_date", name="due_after_issue"),
    sa.CheckConstraint("exchange_rate > 0", name="exchange_rate_positive"),
    sa.CheckConstraint(
        "discount_type <> 'percent' OR discount_value <= 100", name="discount_percent"
    ),
    sa.CheckConstraint("balance_due >= 0", name="balance_not_negative"),
    sa.CheckConstraint("last_payment_date >= first_payment_date", name="payments_in_order"),
    sa.CheckConstraint(
        "CASE WHEN status IN ('draft', 'pending_approval') THEN invoice_number IS NULL "
        "WHEN status IN ('approved', 'void') THEN true ELSE invoice_number IS NOT NULL END",
        name="numbered_when_final",
    ),
    sa.CheckConstraint(
        "status <> 'void' OR (voided_at IS NOT NULL AND voided_reason IS NOT NULL)",
        name="void_has_reason",
    ),
    sa.CheckConstraint("deleted_at IS NULL OR sent_at IS NULL", name="sent_not_deleted"),
)


class Invoice(UuidKey, Timestamps, SoftDelete, Base):
    __tablename__ = "invoices"
    __table_args__ = table_args(
        "billing",
        *_RULES,
        sa.Index(None, "invoice_date", "id"),
        sa.Index(
            "ix_invoices_unpaid",
            "due_date",
            postgresql_where=sa.text(
                "status IN ('sent', 'viewed', 'partially_paid', 'overdue') AND deleted_at IS NULL"
            ),
        ),
        *trigram("invoices", "invoice_number", "reference_number"),
        comment="Invoices for services; numbered when finalised, void but never deleted once sent",
    )
    __title__ = ("invoice_number", "reference_number")
    __owners__ = ("created_by",)
    invoice_number: Mapped[str | None] = mapped_column(
        unique=True,
        info=READONLY,
        comment="Gapless number of its series and year; empty until it is final",
    )
    reference_number: Mapped[str | None] = mapped_column(
        comment="The customer's reference, such as a purchase order"
    )
    customer_company_id: Mapped[ToCompany | None] = mapped_column(comment="Company billed")
    customer_contact_id: Mapped[ToContact | None] = mapped_column(
        comment="Contact billed, or who receives it at the company"
    )
    billing_info_id: Mapped[ToBillingInfo | None] = mapped_column(comment="Billing details used")
    deal_id: Mapped[ToDeal | None] = mapped_column(comment="Deal it bills")
    job_id: Mapped[ToJob | None] = mapped_column(comment="Job it bills")
    # Quotes and recurring invoices point to invoices too: these keys follow once all tables exist.
    quote_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.quotes.id", use_alter=True),
        index=True,
        info=READONLY,
        comment="Quote it was made from",
    )
    recurring_invoice_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.recurring_invoices.id", use_alter=True),
        index=True,
        info=READONLY,
        comment="Recurring invoice that made it",
    )
    invoice_date: Mapped[dt.date] = mapped_column(comment="Date of issue")
    due_date: Mapped[dt.date] = mapped_column(comment="Last day to pay")
    payment_terms_days: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Days from issue to due date"
    )
    payment_terms_label: Mapped[str | None] = mapped_column(
        comment="Terms as printed, such as 30 days net"
    )
    template_id: Mapped[ToTemplate | None] = mapped_column(
        comment="Layout of the PDF; empty for the default"
    )
    currency: Mapped[Currency]
    exchange_rate: Mapped[ExchangeRate] = mapped_column(
        default=Decimal(1),
        server_default="1",
        comment="Currency of the business for one unit of the invoice's, fixed at issue",
    )
    subtotal: Mapped[DerivedAmount] = mapped_column(
        comment="Sum of the lines before tax and the discount on the whole"
    )
    discount_type: Mapped[str | None] = mapped_column(
        info=DISCOUNT_TYPES, comment="How the discount on the whole is given"
    )
    discount_value: Mapped[UnitPrice] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="Discount on the whole, percent or amount",
    )
    discount_amount: Mapped[DerivedAmount] = mapped_column(
        comment="Discount on the whole, as an amount"
    )
    tax_details: Mapped[list[Any]] = mapped_column(
        default=list,
        server_default=EMPTY_LIST,
        info=READONLY,
        comment="Base, rate and amount of each tax",
    )
    total_tax_amount: Mapped[DerivedAmount] = mapped_column(comment="Sum of the taxes")
    is_tax_inclusive: Mapped[No] = mapped_column(comment="Prices of the lines contain the tax")
    shipping_charge: Mapped[Amount] = mapped_column(comment="Charge for delivery")
    adjustment_amount: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info={"currency": "currency"},
        comment="Added to the total; negative to take off",
    )
    adjustment_description: Mapped[str | None] = mapped_column(comment="What the adjustment is for")
    total_amount: Mapped[DerivedAmount] = mapped_column(comment="What the customer owes in all")
    paid_amount: Mapped[DerivedAmount] = mapped_column(comment="Payments less refunds")
    credits_applied: Mapped[DerivedAmount] = mapped_column(
        comment="Credit notes applied to the invoice"
    )
    balance_due: Mapped[Money] = mapped_column(
        sa.Numeric(14, 2),
        sa.Computed(
            "CASE WHEN status = 'void' THEN 0 "
            "ELSE total_amount - paid_amount - credits_applied END",
            persisted=True,
        ),
        info=READONLY | {"currency": "currency"},
        comment="What is still to be paid; zero when void",
    )
    stripe_fee_amount: Mapped[DerivedAmount] = mapped_column(
        comment="Stripe's fee, within the total when the customer pays it"
    )
    customer_pays_stripe_fee: Mapped[No] = mapped_column(
        comment="The total is raised so that Stripe's fee is covered"
    )
    status: Mapped[str] = mapped_column(
        default="draft",
        server_default="draft",
        index=True,
        info=READONLY | STATUSES,
        comment="Where the invoice is between draft and paid",
    )
    approval_status: Mapped[str] = mapped_column(
        default="not_required",
        server_default="not_required",
        info=READONLY | choices("not_required", "pending", "approved", "rejected"),
        comment="Whether it may be sent",
    )
    terms_and_conditions: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Terms printed at the end"
    )
    public_notes: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Notes that the customer reads"
    )
    private_notes: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Notes that stay in the business"
    )
    delivery_method: Mapped[str] = mapped_column(
        default="email",
        server_default="email",
        info=DELIVERY_METHODS,
        comment="How it reaches the customer",
    )
    email_sent: Mapped[No] = mapped_column(info=READONLY, comment="It was sent by e-mail")
    email_sent_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was last sent by e-mail"
    )
    viewed_by_customer: Mapped[No] = mapped_column(
        info=READONLY, comment="The customer opened it in the portal"
    )
    first_viewed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the customer first opened it"
    )
    last_viewed_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the customer last opened it"
    )
    first_payment_date: Mapped[dt.date | None] = mapped_column(
        info=READONLY, comment="Date of the first payment"
    )
    last_payment_date: Mapped[dt.date | None] = mapped_column(
        info=READONLY, comment="Date of the latest payment"
    )
    payment_count: Mapped[int] = mapped_column(
        default=0, server_default="0", info=READONLY | NOT_NEGATIVE, comment="Number of payments"
    )
    created_by: Mapped[Creator | None]
    updated_by: Mapped[Editor | None]
    sent_by: Mapped[Person | None] = mapped_column(info=READONLY, comment="Who sent it")
    approved_by: Mapped[Person | None] = mapped_column(info=READONLY, comment="Who approved it")
    voided_by: Mapped[Person | None] = mapped_column(info=READONLY, comment="Who voided it")
    voided_reason: Mapped[str | None] = mapped_column(
        info=READONLY | MULTILINE, comment="Why it was voided"
    )
    sent_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was first sent"
    )
    approved_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was approved"
    )
    voided_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was voided"
    )
    lines: Mapped[list[InvoiceLineItem]] = relationship(
        back_populates="invoice",
        foreign_keys="InvoiceLineItem.invoice_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="InvoiceLineItem.sort_order, InvoiceLineItem.id",
    )

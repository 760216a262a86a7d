"""Invoices that are made again each period."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    PERCENT,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    Money,
    Percent,
    SoftDelete,
    Timestamps,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.billing.columns import (
    HAS_CUSTOMER,
    LINE_TYPES,
    LineUnit,
    ToBillingInfo,
    ToInvoice,
    ToTemplate,
)
from models.columns import (
    Creator,
    Currency,
    DerivedAmount,
    Editor,
    LineAmount,
    LinePrice,
    LineQuantity,
    No,
    SortOrder,
    ToCompany,
    ToContact,
    ToServiceProduct,
    Yes,
)
from models.defaults import ZERO


class RecurringFrequency(IdentityKey, CreatedAt, Base):
    __tablename__ = "recurring_frequencies"
    __table_args__ = table_args("billing", comment="How often a recurring invoice is made")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name, such as Monthly")
    interval_type: Mapped[str] = mapped_column(
        info=choices("day", "week", "month", "year"), comment="Unit of the interval"
    )
    interval_value: Mapped[int] = mapped_column(
        default=1, server_default="1", info={"min": 1}, comment="Units between two invoices"
    )
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="When to use the frequency"
    )
    is_active: Mapped[Yes] = mapped_column(comment="Offered on recurring invoices")


class RecurringInvoice(UuidKey, Timestamps, SoftDelete, Base):
    __tablename__ = "recurring_invoices"
    __table_args__ = table_args(
        "billing",
        sa.Index(None, "created_at", "id"),
        sa.Index(
            "ix_recurring_invoices_due",
            "next_invoice_date",
            postgresql_where=sa.text("is_active AND deleted_at IS NULL"),
        ),
        sa.CheckConstraint(HAS_CUSTOMER, name="has_customer"),
        sa.CheckConstraint("end_date >= start_date", name="ends_after_start"),
        sa.CheckConstraint("invoices_generated <= max_invoices", name="made_within_limit"),
        *trigram("recurring_invoices", "recurring_name"),
        comment="Schedules that make an invoice each period",
    )
    __title__ = ("recurring_name",)
    __owners__ = ("created_by",)
    recurring_name: Mapped[str] = mapped_column(comment="What is billed to whom, in one line")
    customer_company_id: Mapped[ToCompany | None] = mapped_column(comment="Company billed")
    customer_contact_id: Mapped[ToContact | None] = mapped_column(comment="Contact billed")
    template_invoice_id: Mapped[ToInvoice | None] = mapped_column(
        comment="Invoice that the schedule was made from"
    )
    billing_info_id: Mapped[ToBillingInfo | None] = mapped_column(comment="Billing details used")
    template_id: Mapped[ToTemplate | None] = mapped_column(
        comment="Layout of the PDF; empty for the default"
    )
    frequency_id: Mapped[int] = mapped_column(
        sa.ForeignKey("billing.recurring_frequencies.id"), index=True, comment="How often"
    )
    interval_count: Mapped[int] = mapped_column(
        default=1,
        server_default="1",
        info={"min": 1},
        comment="Every how many intervals of the frequency",
    )
    start_date: Mapped[dt.date] = mapped_column(
        comment="First day of the first period; later ones keep its day of the month"
    )
    end_date: Mapped[dt.date | None] = mapped_column(
        comment="No period begins after it; empty for no end"
    )
    next_invoice_date: Mapped[dt.date | None] = mapped_column(
        info=READONLY, comment="When the next invoice is made; empty when none is left"
    )
    last_invoice_date: Mapped[dt.date | None] = mapped_column(
        info=READONLY, comment="Date of the latest invoice made"
    )
    max_invoices: Mapped[int | None] = mapped_column(
        info={"min": 1}, comment="Invoices to make in all; empty for no limit"
    )
    invoices_generated: Mapped[int] = mapped_column(
        default=0, server_default="0", info=READONLY | NOT_NEGATIVE, comment="Invoices made so far"
    )
    currency: Mapped[Currency]
    subtotal: Mapped[DerivedAmount] = mapped_column(comment="Sum of the lines before tax")
    tax_amount: Mapped[DerivedAmount] = mapped_column(comment="Sum of the taxes")
    total_amount: Mapped[DerivedAmount] = mapped_column(comment="Total of each invoice")
    is_active: Mapped[Yes] = mapped_column(comment="Makes invoices")
    is_paused: Mapped[No] = mapped_column(comment="Makes none for the time being")
    paused_reason: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Why it is paused")
    paused_until: Mapped[dt.date | None] = mapped_column(
        comment="Day it goes on by itself; empty to wait for a person"
    )
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What is billed, as printed on each invoice"
    )
    notes: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Notes that stay in the business"
    )
    auto_send: Mapped[No] = mapped_column(comment="Each invoice is sent as soon as it is made")
    auto_charge: Mapped[No] = mapped_column(
        comment="Each invoice is charged to the saved card, as the customer agreed"
    )
    created_by: Mapped[Creator | None]
    updated_by: Mapped[Editor | None]
    lines: Mapped[list[RecurringInvoiceLineItem]] = relationship(
        back_populates="recurring_invoice",
        foreign_keys="RecurringInvoiceLineItem.recurring_invoice_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="RecurringInvoiceLineItem.sort_order, RecurringInvoiceLineItem.id",
    )


class RecurringInvoiceLineItem(UuidKey, CreatedAt, Base):
    __tablename__ = "recurring_invoice_line_items"
    __table_args__ = table_args(
        "billing",
        *trigram("recurring_invoice_line_items", "name"),
        sa.Index(None, "recurring_invoice_id", "sort_order"),
        comment="Lines of recurring invoices",
    )
    __title__ = ("name",)
    __parents__ = ("recurring_invoice_id",)
    recurring_invoice_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("billing.recurring_invoices.id", ondelete="CASCADE"),
        comment="Recurring invoice",
    )
    product_id: Mapped[ToServiceProduct | None] = mapped_column(comment="Service billed")
    item_type: Mapped[str] = mapped_column(
        default="service", server_default="service", info=LINE_TYPES, comment="What the line bills"
    )
    name: Mapped[str] = mapped_column(comment="Name, as printed")
    description: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Text below the name")
    quantity: Mapped[LineQuantity] = mapped_column(comment="Units or hours")
    unit: Mapped[LineUnit]
    unit_price: Mapped[LinePrice] = mapped_column(comment="Price of one unit, before tax")
    tax_rate: Mapped[Percent] = mapped_column(
        default=ZERO, server_default="0", info=PERCENT, comment="Tax on the line, percent"
    )
    line_total: Mapped[Money] = mapped_column(
        sa.Numeric(14, 2),
        sa.Computed("round(quantity * unit_price, 2)", persisted=True),
        info=READONLY,
        comment="Quantity times price, before tax, rounded half up",
    )
    sort_order: Mapped[SortOrder]
    recurring_invoice: Mapped[RecurringInvoice] = relationship(
        back_populates="lines", foreign_keys=[recurring_invoice_id]
    )


class RecurringInvoiceHistory(UuidKey, CreatedAt, Base):
    __tablename__ = "recurring_invoice_history"
    __table_args__ = table_args(
        "billing",
        # The claim on a period: whoever adds the row makes the invoice.
        sa.UniqueConstraint(
            "recurring_invoice_id",
            "billing_period_start",
            name="uq_recurring_invoice_history_period",
        ),
        sa.Index(None, "created_at", "id"),
        sa.CheckConstraint("billing_period_end >= billing_period_start", name="ends_after_start"),
        sa.CheckConstraint(
            "status NOT IN ('generated', 'sent') OR generated_invoice_id IS NOT NULL",
            name="generated_has_invoice",
        ),
        comment="What became of each period of the recurring invoices",
    )
    __title__ = ("status",)
    __parents__ = ("recurring_invoice_id",)
    __plural__ = "Recurring invoice history"
    recurring_invoice_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("billing.recurring_invoices.id", ondelete="CASCADE"),
        comment="Recurring invoice",
    )
    generated_invoice_id: Mapped[ToInvoice | None] = mapped_column(
        comment="Invoice made; empty when it failed or was skipped"
    )
    generation_date: Mapped[dt.date] = mapped_column(comment="When it was made or tried")
    billing_period_start: Mapped[dt.date] = mapped_column(comment="First day of the period")
    billing_period_end: Mapped[dt.date] = mapped_column(comment="Last day of the period")
    amount: Mapped[LineAmount] = mapped_column(
        comment="Total of the invoice, in the currency of the schedule"
    )
    status: Mapped[str] = mapped_column(
        default="pending",
        server_default="pending",
        info=choices("pending", "generated", "sent", "failed", "skipped"),
        comment="What became of the period",
    )
    notes: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Why it failed or was skipped"
    )

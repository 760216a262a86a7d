"""Lines of invoices."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import MULTILINE, READONLY, Base, Timestamps, UuidKey, table_args, trigram
from models.billing.columns import DISCOUNT_TYPES, LINE_TYPES, LineUnit
from models.billing.invoices import Invoice
from models.columns import (
    DerivedLineAmount,
    LinePrice,
    LineQuantity,
    No,
    SortOrder,
    ToServiceProduct,
)
from models.defaults import EMPTY_LIST


class InvoiceLineItem(UuidKey, Timestamps, Base):
    __tablename__ = "invoice_line_items"
    __table_args__ = table_args(
        "billing",
        *trigram("invoice_line_items", "name"),
        sa.Index(None, "invoice_id", "sort_order"),
        sa.CheckConstraint(
            "discount_type <> 'percent' OR discount_value <= 100", name="discount_percent"
        ),
        comment="Lines of invoices, as they were when the invoice was made final",
    )
    __title__ = ("name",)
    __parents__ = ("invoice_id",)
    invoice_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("billing.invoices.id", ondelete="CASCADE"), comment="Invoice"
    )
    product_id: Mapped[ToServiceProduct | None] = mapped_column(comment="Service billed")
    item_type: Mapped[str] = mapped_column(
        default="service", server_default="service", info=LINE_TYPES, comment="What the line bills"
    )
    name: Mapped[str] = mapped_column(comment="Name, as printed")
    description: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Text below the name")
    quantity: Mapped[LineQuantity] = mapped_column(comment="Units or hours")
    unit: Mapped[LineUnit]
    unit_price: Mapped[LinePrice] = mapped_column(comment="Price of one unit before discounts")
    discount_type: Mapped[str | None] = mapped_column(
        info=DISCOUNT_TYPES, comment="How the discount on the line is given"
    )
    discount_value: Mapped[LinePrice] = mapped_column(
        comment="Discount on the line, percent or amount"
    )
    discount_amount: Mapped[DerivedLineAmount] = mapped_column(
        comment="Discount on the line, as an amount"
    )
    tax_details: Mapped[list[Any]] = mapped_column(
        default=list, server_default=EMPTY_LIST, comment="Code, rate and amount of each tax"
    )
    tax_amount: Mapped[DerivedLineAmount] = mapped_column(comment="Sum of the taxes on the line")
    is_tax_inclusive: Mapped[No] = mapped_column(comment="The price contains the tax")
    line_total: Mapped[DerivedLineAmount] = mapped_column(
        comment="Quantity times price less the discount, rounded half up"
    )
    expense_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("expenses.expenses.id"), index=True, comment="Expense billed"
    )
    time_entry_ids: Mapped[list[uuid.UUID]] = mapped_column(
        default=list, server_default="{}", info=READONLY, comment="Time entries billed"
    )
    project_code: Mapped[str | None] = mapped_column(
        comment="The customer's project or cost centre"
    )
    notes: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Remarks that stay in the business"
    )
    sort_order: Mapped[SortOrder]
    invoice: Mapped[Invoice] = relationship(back_populates="lines", foreign_keys=[invoice_id])

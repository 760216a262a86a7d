"""What people spend for the business, from submission to reimbursement."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    CreatedAt,
    ExchangeRate,
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
from models.columns import Amount, Currency, No, Person, ToCompany, ToContact, ToJob, Yes
from models.defaults import ZERO
from models.identity import current_user_id

STATUSES: Info = choices("draft", "submitted", "manager_review", "approved", "rejected")


class ExpenseCategory(UuidKey, Timestamps, Base):
    __tablename__ = "expense_categories"
    __table_args__ = table_args(
        "expenses",
        sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        comment="Categories of expenses with budgets and approval rules",
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the category")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What belongs in the category"
    )
    parent_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("expenses.expense_categories.id"),
        index=True,
        comment="Category above; empty at the top",
    )
    monthly_budget: Mapped[Money | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Budget of a month, in the currency of the business"
    )
    yearly_budget: Mapped[Money | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Budget of a year, in the currency of the business"
    )
    is_tax_deductible: Mapped[Yes] = mapped_column(comment="Lowers the income tax")
    tax_category: Mapped[str | None] = mapped_column(comment="Account or class for the tax return")
    is_active: Mapped[Yes] = mapped_column(comment="Offered on expenses")
    requires_approval: Mapped[Yes] = mapped_column(
        comment="Expenses need approval before they are paid"
    )
    approval_threshold: Mapped[Money | None] = mapped_column(
        info=NOT_NEGATIVE,
        comment="Above it a manager approves too, in the currency of the business",
    )


class Expense(UuidKey, Timestamps, SoftDelete, Base):
    __tablename__ = "expenses"
    __table_args__ = table_args(
        "expenses",
        sa.Index(None, "expense_date", "id"),
        sa.Index(
            "ix_expenses_to_approve",
            "status",
            "created_at",
            postgresql_where=sa.text("status IN ('submitted', 'manager_review')"),
        ),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.CheckConstraint("tax_amount <= amount", name="tax_within_amount"),
        sa.CheckConstraint("exchange_rate > 0", name="exchange_rate_positive"),
        sa.CheckConstraint("status = 'draft' OR expense_number IS NOT NULL", name="numbered"),
        sa.CheckConstraint(
            "status <> 'approved' OR approved_at IS NOT NULL", name="approved_has_time"
        ),
        sa.CheckConstraint(
            "status <> 'rejected' OR rejection_reason IS NOT NULL", name="rejected_has_reason"
        ),
        sa.CheckConstraint(
            "(payment_status = 'unpaid') = (paid_date IS NULL)", name="paid_has_date"
        ),
        sa.CheckConstraint(
            "NOT is_billable_to_client OR num_nonnulls(client_company_id, client_contact_id) > 0",
            name="billable_has_client",
        ),
        *trigram("expenses", "expense_number", "vendor_name", "reference_number"),
        comment="Money spent for the business",
    )
    __title__ = ("expense_number", "vendor_name")
    __owners__ = ("submitted_by",)
    expense_number: Mapped[str | None] = mapped_column(
        unique=True, info=READONLY, comment="Gapless number, given when it is submitted"
    )
    category_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("expenses.expense_categories.id"), index=True, comment="Category"
    )
    amount: Mapped[Money] = mapped_column(
        info={"currency": "currency"}, comment="Amount spent, tax included"
    )
    currency: Mapped[Currency]
    exchange_rate: Mapped[ExchangeRate] = mapped_column(
        default=Decimal(1),
        server_default="1",
        comment="Currency of the business for one unit of the expense's",
    )
    expense_date: Mapped[dt.date] = mapped_column(comment="Date on the receipt")
    description: Mapped[str | None] = mapped_column(info=MULTILINE, comment="What it was for")
    reference_number: Mapped[str | None] = mapped_column(comment="Number on the receipt")
    vendor_name: Mapped[str | None] = mapped_column(comment="Who was paid")
    vendor_contact: Mapped[str | None] = mapped_column(comment="Telephone or e-mail of the vendor")
    tax_amount: Mapped[Amount] = mapped_column(comment="Tax within the amount")
    is_billable_to_client: Mapped[No] = mapped_column(comment="To be invoiced to a customer")
    client_company_id: Mapped[ToCompany | None] = mapped_column(comment="Company it is billed to")
    client_contact_id: Mapped[ToContact | None] = mapped_column(comment="Contact it is billed to")
    job_id: Mapped[ToJob | None] = mapped_column(comment="Job it was spent on")
    markup_percentage: Mapped[Percent] = mapped_column(
        default=ZERO,
        server_default="0",
        info=NOT_NEGATIVE,
        comment="Added when it is invoiced, percent",
    )
    payment_method: Mapped[str | None] = mapped_column(
        info=choices("cash", "personal_card", "company_card", "bank_transfer", "digital_wallet"),
        comment="How the vendor was paid",
    )
    payment_status: Mapped[str] = mapped_column(
        default="unpaid",
        server_default="unpaid",
        info=READONLY | choices("unpaid", "reimbursed", "paid"),
        comment="Whether the money was given back or paid",
    )
    paid_date: Mapped[dt.date | None] = mapped_column(
        info=READONLY, comment="When it was reimbursed or paid"
    )
    status: Mapped[str] = mapped_column(
        default="draft",
        server_default="draft",
        info=READONLY | STATUSES,
        comment="Where it is on the way to approval",
    )
    submitted_by: Mapped[Person | None] = mapped_column(
        default=current_user_id, info=READONLY, comment="Who spent the money"
    )
    approved_by: Mapped[Person | None] = mapped_column(info=READONLY, comment="Who approved it")
    approved_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When it was approved"
    )
    rejection_reason: Mapped[str | None] = mapped_column(
        info=READONLY | MULTILINE, comment="Why it was rejected"
    )
    # Invoice lines point to expenses too, so this key is added after both tables exist.
    invoice_line_item_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.invoice_line_items.id", ondelete="SET NULL", use_alter=True),
        index=True,
        info=READONLY,
        comment="Invoice line that bills it; empty while it is unbilled",
    )
    attachments: Mapped[list[ExpenseAttachment]] = relationship(
        back_populates="expense",
        foreign_keys="ExpenseAttachment.expense_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class ExpenseAttachment(UuidKey, CreatedAt, Base):
    __tablename__ = "expense_attachments"
    __table_args__ = table_args(
        "expenses",
        sa.UniqueConstraint("expense_id", "document_id"),
        comment="Receipts and other files of expenses",
    )
    __title__ = ("attachment_type",)
    __parents__ = ("expense_id",)
    expense_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("expenses.expenses.id", ondelete="CASCADE"), comment="Expense"
    )
    document_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("documents.documents.id"), index=True, comment="File"
    )
    attachment_type: Mapped[str] = mapped_column(
        default="receipt",
        server_default="receipt",
        info=choices("receipt", "invoice", "other"),
        comment="What the file is",
    )
    expense: Mapped[Expense] = relationship(back_populates="attachments", foreign_keys=[expense_id])

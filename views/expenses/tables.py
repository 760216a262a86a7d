"""Screens of expenses, their categories and receipts."""

from __future__ import annotations

from app.admin.registry import Child, Domain, Table
from models.expenses import (
    Expense,
    ExpenseAttachment,
    ExpenseCategory,
)

DOMAIN = Domain(
    name="expenses",
    label="Expenses",
    icon="receipt-2",
    tables=(
        Table(
            Expense,
            children=(Child(ExpenseAttachment, ("document_id", "attachment_type")),),
            icon="receipt",
            list_columns=(
                "expense_number",
                "expense_date",
                "category_id",
                "vendor_name",
                "amount",
                "currency",
                "status",
                "payment_status",
            ),
            search_columns=(
                "expense_number",
                "vendor_name",
                "reference_number",
            ),
            order=("expense_date", "desc"),
        ),
        Table(
            ExpenseCategory,
            icon="category",
            list_columns=(
                "name",
                "parent_id",
                "monthly_budget",
                "yearly_budget",
                "approval_threshold",
                "is_active",
            ),
            order=("name", "asc"),
        ),
        Table(
            ExpenseAttachment,
            icon="paperclip",
            list_columns=(
                "expense_id",
                "document_id",
                "attachment_type",
                "created_at",
            ),
            order=("created_at", "desc"),
        ),
    ),
)

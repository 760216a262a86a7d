"""Screens of the data that billing documents refer to."""

from __future__ import annotations

from app.admin.registry import Table
from models.billing import (
    InvoiceTemplate,
    PaymentMethod,
    QuoteStatus,
    RecurringFrequency,
    RefundReason,
)

REFERENCES = (
    Table(
        InvoiceTemplate,
        icon="template",
        list_columns=(
            "name",
            "template_type",
            "is_default",
            "is_active",
            "updated_at",
        ),
        order=("name", "asc"),
    ),
    Table(
        PaymentMethod,
        icon="credit-card",
        list_columns=(
            "sort_order",
            "name",
            "code",
            "is_online",
            "requires_reference",
            "processing_fee_percentage",
            "is_active",
        ),
        order=("sort_order", "asc"),
    ),
    Table(
        QuoteStatus,
        icon="status-change",
        list_columns=(
            "name",
            "code",
            "is_approved",
            "is_rejected",
            "is_active",
            "color",
        ),
        order=("name", "asc"),
    ),
    Table(
        RefundReason,
        icon="arrow-back-up",
        list_columns=(
            "name",
            "requires_approval",
            "is_active",
            "description",
        ),
        order=("name", "asc"),
    ),
    Table(
        RecurringFrequency,
        icon="calendar-repeat",
        list_columns=(
            "name",
            "interval_type",
            "interval_value",
            "is_active",
        ),
        order=("name", "asc"),
    ),
)

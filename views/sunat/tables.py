"""Screens of the electronic documents."""

from __future__ import annotations

from app.admin.registry import Domain, Table
from models.sunat import (
    DocumentEvent,
    DocumentSequence,
    ElectronicDocument,
    IssuingCompany,
    VoidedDocument,
)

DOMAIN = Domain(
    name="sunat",
    label="Electronic documents",
    icon="file-certificate",
    tables=(
        Table(
            ElectronicDocument,
            icon="file-invoice",
            list_columns=(
                "series",
                "correlative_number",
                "document_type",
                "issue_date",
                "customer_name",
                "total_amount",
                "currency",
                "sunat_status",
            ),
            search_columns=("customer_name", "customer_doc_number"),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            VoidedDocument,
            icon="file-off",
            list_columns=("document_id", "reason", "ticket_sunat", "status", "voided_at"),
            search_columns=("reason", "ticket_sunat"),
            read_only=True,
        ),
        Table(
            DocumentEvent,
            icon="history",
            list_columns=("happened_at", "document_id", "status", "code", "message", "user_id"),
            search_columns=("message",),
            order=("happened_at", "desc"),
            read_only=True,
            in_menu=False,
        ),
        Table(
            DocumentSequence,
            icon="list-numbers",
            list_columns=(
                "company_id",
                "document_type",
                "series",
                "location_id",
                "current_number",
                "is_active",
            ),
            search_columns=("series",),
            order=("series", "asc"),
            read_only=True,
        ),
        Table(
            IssuingCompany,
            icon="building-store",
            list_columns=("ruc", "raz_social", "trade_name", "address", "certificate_expires_at"),
            search_columns=("ruc", "raz_social", "trade_name"),
            order=("raz_social", "asc"),
        ),
    ),
)

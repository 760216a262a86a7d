"""Screens of the electronic documents."""

from __future__ import annotations

from app.admin.boards.declare import Boards, Calendar, Kanban
from app.admin.registry import Domain, Operation, Shortcut, Table
from app.services.sunat.check_document import check_document
from app.services.sunat.compare_with_books import compare_with_books
from app.services.sunat.retry_document import retry_document
from app.services.sunat.send_document import send_document
from app.services.sunat.summarize_day import summarize_day
from app.services.sunat.void_document import void_document
from models.sunat import (
    DocumentEvent,
    DocumentSequence,
    ElectronicDocument,
    IssuingCompany,
    VoidedDocument,
)
from views.sunat.rules import DocumentRules, SeriesRules

_FAILED = ("sunat_status", "eq", "EXCEPTION")
_ON_THEIR_WAY = ("PENDING", "SIGNED", "SENT", "VOIDING")

UPDATE = "sunat.electronic_documents:update"

DOMAIN = Domain(
    name="sunat",
    label="Electronic documents",
    icon="file-certificate",
    tables=(
        Table(
            ElectronicDocument,
            icon="file-invoice",
            list_columns=(
                "number",
                "sunat_status",
                "document_type",
                "issue_date",
                "customer_name",
                "total_amount",
                "order_id",
            ),
            search_columns=("number", "customer_name", "customer_doc_number"),
            order=("created_at", "desc"),
            read_only=True,
            rules=DocumentRules,
            rights=("update",),
            record_template="sunat/document.html",
            facts=("customer_name", "total_amount", "issue_date", "order_id"),
            shortcuts=(
                Shortcut("Wait for a person", (_FAILED, ("next_attempt_at", "empty"))),
                Shortcut("Rejected", (("sunat_status", "eq", "REJECTED"),)),
                Shortcut("On their way", (("sunat_status", "in", _ON_THEIR_WAY),)),
                Shortcut("Issued today", (("issue_date", "eq", "today"),)),
            ),
            boards=Boards(
                kanban=Kanban(
                    ("sunat_status", "document_type"),
                    facts=("issue_date", "customer_name", "total_amount"),
                ),
                calendar=Calendar((("issue_date", ""),)),
            ),
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
            rules=SeriesRules,
        ),
        Table(
            IssuingCompany,
            icon="building-store",
            list_columns=("ruc", "raz_social", "trade_name", "address", "certificate_expires_at"),
            search_columns=("ruc", "raz_social", "trade_name"),
            order=("raz_social", "asc"),
        ),
    ),
    operations=(
        Operation(check_document, UPDATE),
        Operation(retry_document, UPDATE),
        Operation(void_document, UPDATE),
        Operation(summarize_day, UPDATE),
        Operation(send_document, "sunat.electronic_documents:update"),
        Operation(compare_with_books, "sunat.electronic_documents:update"),
    ),
)

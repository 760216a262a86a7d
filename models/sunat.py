"""Electronic documents for SUNAT: issuers, number series, documents and their voiding.

The row is the queue: a document stays in a state that is not final until SUNAT has answered.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    ENCRYPTED,
    MULTILINE,
    NOT_NEGATIVE,
    PICTURE,
    READONLY,
    SECRET,
    Base,
    CreatedAt,
    ExchangeRate,
    IdentityKey,
    Json,
    Money,
    SoftDelete,
    Versioned,
    choices,
    now,
    table_args,
    trigram,
    unaudited,
)
from models.currency import CURRENCIES, DEFAULT_CURRENCY
from models.defaults import ZERO
from models.identity import USERS

ISSUERS = "sunat.companies.id"
DOCUMENTS = "sunat.electronic_documents.id"
# SUNAT catalogue 01, and its two summary files.
DOCUMENT_TYPES = choices(
    **{
        "01": "Factura",
        "03": "Boleta",
        "07": "Credit note",
        "08": "Debit note",
        "RC": "Daily summary",
        "RA": "Voiding notice",
    }
)
SERIES_TYPES = choices(
    **{"01": "Factura", "03": "Boleta", "07": "Credit note", "08": "Debit note"},
    NV="Nota de venta",
    RC="Daily summary",
    RA="Voiding notice",
)
STATES = choices(
    PENDING="Pending",
    SIGNED="Signed",
    SENT="Sent",
    ACCEPTED="Accepted",
    OBSERVED="Accepted with remarks",
    REJECTED="Rejected",
    EXCEPTION="Failed",
    VOIDING="Being voided",
    VOIDED="Voided",
)
IN_CURRENCY = NOT_NEGATIVE | {"currency": "currency"}
UNFINISHED = "sunat_status IN ('PENDING', 'SIGNED', 'SENT', 'EXCEPTION', 'VOIDING')"
NUMBER = (
    "CASE WHEN document_type ~ '^R'::text THEN document_type || '-'::text ELSE ''::text END "
    "|| series || '-'::text || correlative_number::text"
)


class IssuingCompany(IdentityKey, Base):
    __tablename__ = "companies"
    __table_args__ = table_args(
        "sunat",
        sa.CheckConstraint("ruc ~ '^[0-9]{11}$'", name="ruc_format"),
        sa.CheckConstraint("ubigeo ~ '^[0-9]{6}$'", name="ubigeo_format"),
        comment="Businesses that issue electronic documents",
    )
    __title__ = ("raz_social",)
    __plural__ = "Issuing companies"
    ruc: Mapped[str] = mapped_column(unique=True, comment="RUC, 11 digits")
    raz_social: Mapped[str] = mapped_column(comment="Registered name (razón social)")
    trade_name: Mapped[str | None] = mapped_column(comment="Name the public knows")
    address: Mapped[str | None] = mapped_column(comment="Fiscal address")
    ubigeo: Mapped[str | None] = mapped_column(
        comment="Code of the district of the fiscal address, 6 digits"
    )
    logo_url: Mapped[str | None] = mapped_column(
        info=PICTURE, comment="Logo on printed documents, PNG or JPEG"
    )
    certificate_path: Mapped[str | None] = mapped_column(
        info=READONLY, comment="Where the signing certificate is kept"
    )
    certificate_password: Mapped[str | None] = mapped_column(
        info=ENCRYPTED, comment="Password of the certificate, encrypted"
    )
    certificate_expires_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="When the certificate stops being valid"
    )
    sol_user: Mapped[str | None] = mapped_column(comment="User for SUNAT's services (clave SOL)")
    sol_pass: Mapped[str | None] = mapped_column(
        info=ENCRYPTED, comment="Password for SUNAT's services, encrypted"
    )


class DocumentSequence(IdentityKey, Versioned, Base):
    __tablename__ = "document_sequences"
    __table_args__ = table_args(
        "sunat",
        sa.UniqueConstraint("company_id", "document_type", "series"),
        sa.CheckConstraint("series ~ '^[A-Z0-9]{4,8}$'", name="series_format"),
        comment="Series of documents and the last number given in each, without gaps",
    )
    __title__ = ("document_type", "series")
    company_id: Mapped[int] = mapped_column(sa.ForeignKey(ISSUERS), comment="Issuer")
    document_type: Mapped[str] = mapped_column(info=SERIES_TYPES, comment="Kind of document")
    series: Mapped[str] = mapped_column(
        comment="Series, such as F001 for facturas or B001 for boletas"
    )
    location_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("inventory.locations.id"),
        index=True,
        comment="Location that uses the series; empty for all",
    )
    current_number: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=NOT_NEGATIVE | {"plain": True},
        comment="Last number given",
    )
    is_active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="New documents may use it"
    )
    updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, onupdate=now, comment="When a number was last given"
    )


class ElectronicDocument(IdentityKey, CreatedAt, SoftDelete, Base):
    __tablename__ = "electronic_documents"
    __table_args__ = table_args(
        "sunat",
        sa.UniqueConstraint("company_id", "document_type", "series", "correlative_number"),
        sa.CheckConstraint(
            "document_type IN ('RC', 'RA') "
            "OR num_nonnulls(order_id, invoice_id, credit_note_id) >= 1",
            name="has_a_source",
        ),
        sa.CheckConstraint("reference_document_id <> id", name="not_its_own_reference"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "issue_date", "id"),
        sa.Index(None, "series", "correlative_number"),
        sa.Index(None, "sunat_status", "issue_date"),
        sa.Index(None, "answered_at"),
        sa.Index(
            "ix_electronic_documents_unfinished",
            "next_attempt_at",
            postgresql_where=sa.text(UNFINISHED),
        ),
        *trigram("electronic_documents", "number", "customer_name", "customer_doc_number"),
        comment="Facturas, boletas, notes and summaries sent to SUNAT",
    )
    __title__ = ("number",)
    __parents__ = ("order_id", "invoice_id", "credit_note_id")
    order_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("sales.orders.id"), index=True, comment="Order it is about"
    )
    invoice_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.invoices.id"), index=True, comment="Services invoice it is about"
    )
    credit_note_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("billing.credit_notes.id"), index=True, comment="Credit note it is about"
    )
    reference_document_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(DOCUMENTS),
        index=True,
        comment="Document that this note corrects",
    )
    return_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("sales.order_returns.id"), index=True, comment="Return it is about"
    )
    summary_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(DOCUMENTS), index=True, comment="Daily summary that told SUNAT of it"
    )
    company_id: Mapped[int] = mapped_column(sa.ForeignKey(ISSUERS), comment="Issuer")
    document_type: Mapped[str] = mapped_column(
        info=DOCUMENT_TYPES, comment="Kind of document (SUNAT catalogue 01)"
    )
    series: Mapped[str] = mapped_column(comment="Series, such as F001")
    correlative_number: Mapped[int] = mapped_column(
        info={"min": 1, "max": 99_999_999, "plain": True}, comment="Number in the series"
    )
    number: Mapped[str] = mapped_column(
        sa.Computed(NUMBER, persisted=True),
        info={"unsorted": True},
        comment="Number as people write it, such as F001-123 or RC-20260701-1",
    )
    issue_date: Mapped[dt.date] = mapped_column(comment="Date of issue in Peru")
    customer_doc_type: Mapped[str | None] = mapped_column(
        comment="Customer's identity document (SUNAT catalogue 06) at issue"
    )
    customer_doc_number: Mapped[str | None] = mapped_column(
        comment="Customer's document number at issue"
    )
    customer_name: Mapped[str | None] = mapped_column(comment="Customer's name at issue")
    currency: Mapped[str] = mapped_column(
        default=DEFAULT_CURRENCY,
        server_default=DEFAULT_CURRENCY,
        info=CURRENCIES,
        comment="Currency of the amounts",
    )
    total_amount: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=IN_CURRENCY,
        comment="Total to pay",
    )
    total_igv: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=IN_CURRENCY,
        comment="IGV contained in the total",
    )
    total_gravado: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=IN_CURRENCY,
        comment="Taxed amount without IGV (operaciones gravadas)",
    )
    total_exonerado: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=IN_CURRENCY,
        comment="Exonerated amount (operaciones exoneradas)",
    )
    total_inafecto: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=IN_CURRENCY,
        comment="Unaffected amount (operaciones inafectas)",
    )
    total_exportacion: Mapped[Money] = mapped_column(
        default=ZERO, server_default="0", info=IN_CURRENCY, comment="Exported amount (exportación)"
    )
    total_gratuito: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=IN_CURRENCY,
        comment="What is given free is worth (operaciones gratuitas)",
    )
    total_isc: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=IN_CURRENCY,
        comment="Selective consumption tax (ISC)",
    )
    total_icbper: Mapped[Money] = mapped_column(
        default=ZERO, server_default="0", info=IN_CURRENCY, comment="Tax on plastic bags (ICBPER)"
    )
    total_otros: Mapped[Money] = mapped_column(
        default=ZERO,
        server_default="0",
        info=IN_CURRENCY,
        comment="Charges that no tax is taken of",
    )
    exchange_rate: Mapped[ExchangeRate] = mapped_column(
        default=Decimal(1),
        server_default="1",
        comment="Soles for one unit of the currency on the day of issue",
    )
    content: Mapped[Json | None] = mapped_column(
        info=SECRET, comment="The whole document as it was issued, before signing"
    )
    sunat_status: Mapped[str] = mapped_column(
        default="PENDING", server_default="PENDING", info=STATES, comment="State with SUNAT"
    )
    sunat_code: Mapped[str | None] = mapped_column(comment="Code of SUNAT's last answer")
    sunat_message: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What SUNAT said last"
    )
    attempts: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="How often it was sent"
    )
    next_attempt_at: Mapped[dt.datetime | None] = mapped_column(comment="When it is tried next")
    sent_at: Mapped[dt.datetime | None] = mapped_column(comment="When it was last sent")
    answered_at: Mapped[dt.datetime | None] = mapped_column(comment="When SUNAT decided")
    ticket_sunat: Mapped[str | None] = mapped_column(
        comment="Ticket under which SUNAT handles a summary or voiding"
    )
    xml_url: Mapped[str | None] = mapped_column(info={"file": True}, comment="Signed XML")
    pdf_url: Mapped[str | None] = mapped_column(info={"file": True}, comment="Printed form as PDF")
    cdr_url: Mapped[str | None] = mapped_column(
        info={"file": True}, comment="SUNAT's receipt (CDR)"
    )
    hash_cpe: Mapped[str | None] = mapped_column(comment="Digest value of the signed XML")
    xml_sha256: Mapped[str | None] = mapped_column(comment="SHA-256 of the kept XML")
    pdf_sha256: Mapped[str | None] = mapped_column(comment="SHA-256 of the kept PDF")
    cdr_sha256: Mapped[str | None] = mapped_column(comment="SHA-256 of the kept receipt (CDR)")


class DocumentEvent(IdentityKey, Base):
    """What happened to a document, step by step: the row itself only has the last answer."""

    __tablename__ = "document_events"
    __table_args__ = table_args(
        "sunat",
        *trigram("document_events", "message"),
        sa.Index(None, "document_id", "id"),
        comment="History of electronic documents: each state and what SUNAT said",
        **unaudited("it is a history itself", append_only=True),
    )
    __title__ = ("status", "message")
    __plural__ = "History of documents"
    __parents__ = ("document_id",)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey(DOCUMENTS), comment="Document")
    happened_at: Mapped[dt.datetime] = mapped_column(server_default=now, comment="When")
    status: Mapped[str] = mapped_column(info=STATES, comment="State that it had then")
    code: Mapped[str | None] = mapped_column(comment="SUNAT's code, or that of our own check")
    message: Mapped[str | None] = mapped_column(info=MULTILINE, comment="What was said")
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who did it; empty for the system"
    )


class VoidedDocument(IdentityKey, Base):
    __tablename__ = "voided_documents"
    __table_args__ = table_args(
        "sunat",
        *trigram("voided_documents", "reason", "ticket_sunat"),
        sa.CheckConstraint("length(reason) >= 3", name="reason_length"),
        sa.Index(None, "voided_at", "id"),
        comment="Documents that were, or are to be, voided with SUNAT",
    )
    __title__ = ("document", "status")
    __parents__ = ("document_id",)
    document_id: Mapped[int] = mapped_column(
        sa.ForeignKey(DOCUMENTS), unique=True, comment="Document"
    )
    summary_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(DOCUMENTS), index=True, comment="Voiding notice or summary that asks for it"
    )
    requested_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who asked for it"
    )
    reason: Mapped[str] = mapped_column(
        info=MULTILINE, comment="Why it is voided, at least 3 characters"
    )
    ticket_sunat: Mapped[str | None] = mapped_column(
        comment="Ticket under which SUNAT handles the request"
    )
    status: Mapped[str] = mapped_column(
        default="PENDING",
        server_default="PENDING",
        info=choices(PENDING="Pending", SENT="Sent", ACCEPTED="Accepted", REJECTED="Rejected"),
        comment="State of the request",
    )
    voided_at: Mapped[dt.datetime | None] = mapped_column(comment="When SUNAT accepted it")

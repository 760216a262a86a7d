"""The documents themselves: plain frozen data, given to :func:`totals` and :func:`build`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import ClassVar

from app.domain.money import ZERO
from app.domain.tax import IGV
from app.sunat.catalogs import DOMESTIC_SALE, DocumentType, SummaryStatus
from app.sunat.documents.lines import Charge, Line
from app.sunat.documents.parties import Customer, Issuer
from app.sunat.documents.payment import (
    CASH,
    Cash,
    Credit,
    Detraction,
    Perception,
    Prepayment,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """Another document: its type (catalogue 01, 12 for related ones) and number."""

    document_type: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What invoices, receipts and notes have in common. ``igv_rate`` in percent."""

    issuer: Issuer
    customer: Customer
    series: str
    number: int
    issued_on: date
    lines: tuple[Line, ...]
    issued_at: time | None = None
    currency: str = "PEN"
    charges: tuple[Charge, ...] = ()
    igv_rate: Decimal = IGV
    order_reference: str = ""
    despatches: tuple[Reference, ...] = ()
    related: tuple[Reference, ...] = ()
    legends: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    rounding: Decimal = ZERO

    type: ClassVar[DocumentType]

    @property
    def id(self) -> str:
        """``F001-123``."""
        return f"{self.series}-{self.number}"

    @property
    def name(self) -> str:
        """Name of the file, without its extension: ``20100066603-01-F001-123``."""
        return f"{self.issuer.ruc}-{self.type}-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Sale):
    """Factura (01); ``country_of_use`` is that of an exported service."""

    operation: str = DOMESTIC_SALE
    due_on: date | None = None
    payment: Cash | Credit = CASH
    prepayments: tuple[Prepayment, ...] = ()
    detraction: Detraction | None = None
    perception: Perception | None = None
    country_of_use: str = ""

    type = DocumentType.INVOICE


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Invoice):
    """Boleta de venta (03). SUNAT takes no terms of payment with it; they aren't written."""

    type = DocumentType.RECEIPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Sale):
    """What changes an earlier document: ``reason`` is a code of catalogue 09 or 10."""

    affected: Reference
    reason: str
    reason_text: str
    payment: Credit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote(Note):
    """Nota de crédito (07); ``payment`` only with reason 13."""

    type = DocumentType.CREDIT_NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitNote(Note):
    """Nota de débito (08)."""

    type = DocumentType.DEBIT_NOTE


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """One boleta, or note of a boleta, in the daily summary; see :func:`summary_line`."""

    document_type: DocumentType
    id: str
    customer: Customer
    total: Decimal
    currency: str = "PEN"
    taxed: Decimal = ZERO
    exonerated: Decimal = ZERO
    unaffected: Decimal = ZERO
    exported: Decimal = ZERO
    free: Decimal = ZERO
    charges: Decimal = ZERO
    igv: Decimal = ZERO
    ivap: Decimal = ZERO
    isc: Decimal = ZERO
    icbper: Decimal = ZERO
    affected: Reference | None = None
    perception: Perception | None = None
    status: SummaryStatus = SummaryStatus.ADD


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidedLine:
    """One document to take back, and why."""

    document_type: DocumentType
    series: str
    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A file about documents of one day (``reference_date``); ``number`` counts those of a day."""

    issuer: Issuer
    reference_date: date
    issued_on: date
    number: int

    type: ClassVar[DocumentType]

    @property
    def id(self) -> str:
        """``RC-20260701-1``."""
        return f"{self.type}-{self.issued_on:%Y%m%d}-{self.number}"

    @property
    def name(self) -> str:
        """Name of the file, without its extension."""
        return f"{self.issuer.ruc}-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DailySummary(Report):
    """Resumen diario (RC): at most 500 lines."""

    lines: tuple[SummaryLine, ...]

    type = DocumentType.DAILY_SUMMARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided(Report):
    """Comunicación de baja (RA) of facturas and their notes."""

    lines: tuple[VoidedLine, ...]

    type = DocumentType.VOIDED


Document = Invoice | CreditNote | DebitNote | DailySummary | Voided

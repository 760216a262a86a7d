"""SUNAT's electronic documents without a database or the web.

A frozen dataclass goes in (:class:`Invoice`, :class:`Receipt`, :class:`CreditNote`, …); its exact
:func:`totals`, its XML (:func:`build`), what is wrong with it (:func:`validate`) and the signed XML
(:func:`sign`, or :func:`issue` for all of it) come out. :func:`read_cdr` reads SUNAT's answer.
"""

from __future__ import annotations

from app.sunat.archive import pack, unpack
from app.sunat.catalogs import Affectation, ChargeCode, DocumentType, IscSystem, SummaryStatus
from app.sunat.cdr import Cdr, CdrError, read_cdr
from app.sunat.documents import (
    ANONYMOUS,
    Address,
    Cash,
    Charge,
    Credit,
    CreditNote,
    Customer,
    DailySummary,
    DebitNote,
    Detraction,
    Installment,
    Invoice,
    Isc,
    Issuer,
    Line,
    Perception,
    Prepayment,
    Receipt,
    Reference,
    SummaryLine,
    Totals,
    Voided,
    VoidedLine,
    legends,
    summary_line,
    totals,
)
from app.sunat.issue import Issued, issue
from app.sunat.sign import (
    Certificate,
    CertificateError,
    SignatureError,
    Signed,
    digest,
    load_certificate,
    sign,
    verify,
)
from app.sunat.ubl import build
from app.sunat.validate import Finding, InvalidDocumentError, validate

__all__ = [
    "ANONYMOUS",
    "Address",
    "Affectation",
    "Cash",
    "Cdr",
    "CdrError",
    "Certificate",
    "CertificateError",
    "Charge",
    "ChargeCode",
    "Credit",
    "CreditNote",
    "Customer",
    "DailySummary",
    "DebitNote",
    "Detraction",
    "DocumentType",
    "Finding",
    "Installment",
    "InvalidDocumentError",
    "Invoice",
    "Isc",
    "IscSystem",
    "Issued",
    "Issuer",
    "Line",
    "Perception",
    "Prepayment",
    "Receipt",
    "Reference",
    "SignatureError",
    "Signed",
    "SummaryLine",
    "SummaryStatus",
    "Totals",
    "Voided",
    "VoidedLine",
    "build",
    "digest",
    "issue",
    "legends",
    "load_certificate",
    "pack",
    "read_cdr",
    "sign",
    "summary_line",
    "totals",
    "unpack",
    "validate",
    "verify",
]

"""Documents as plain frozen data, and their exact totals."""

from __future__ import annotations

from app.sunat.documents.legends import legends
from app.sunat.documents.line_totals import LineTotals
from app.sunat.documents.lines import Charge, Isc, Line
from app.sunat.documents.model import (
    CreditNote,
    DailySummary,
    DebitNote,
    Document,
    Invoice,
    Note,
    Receipt,
    Reference,
    Report,
    Sale,
    SummaryLine,
    Voided,
    VoidedLine,
)
from app.sunat.documents.parties import ANONYMOUS, Address, Customer, Issuer
from app.sunat.documents.payment import (
    Cash,
    Credit,
    Detraction,
    Installment,
    Perception,
    Prepayment,
)
from app.sunat.documents.summarize import summary_line
from app.sunat.documents.totals import TaxTotal, Totals, totals

__all__ = [
    "ANONYMOUS",
    "Address",
    "Cash",
    "Charge",
    "Credit",
    "CreditNote",
    "Customer",
    "DailySummary",
    "DebitNote",
    "Detraction",
    "Document",
    "Installment",
    "Invoice",
    "Isc",
    "Issuer",
    "Line",
    "LineTotals",
    "Note",
    "Perception",
    "Prepayment",
    "Receipt",
    "Reference",
    "Report",
    "Sale",
    "SummaryLine",
    "TaxTotal",
    "Totals",
    "Voided",
    "VoidedLine",
    "legends",
    "summary_line",
    "totals",
]

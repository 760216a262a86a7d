"""SUNAT's code lists: 01, 02, 03, 05 to 12, 16 to 19 and 51 to 54."""

from __future__ import annotations

from app.sunat.catalogs.codes import (
    DETRACTIONS,
    DOMESTIC_SALE,
    EXPORTS,
    ONLY_INVOICES,
    ONLY_RECEIPTS,
    PERCEPTION,
    Affectation,
    ChargeCode,
    DocumentType,
    IdentityDocument,
    IscSystem,
    Legend,
    PriceType,
    SummaryStatus,
    TaxScheme,
)
from app.sunat.catalogs.names import codes, is_listed, name

__all__ = [
    "DETRACTIONS",
    "DOMESTIC_SALE",
    "EXPORTS",
    "ONLY_INVOICES",
    "ONLY_RECEIPTS",
    "PERCEPTION",
    "Affectation",
    "ChargeCode",
    "DocumentType",
    "IdentityDocument",
    "IscSystem",
    "Legend",
    "PriceType",
    "SummaryStatus",
    "TaxScheme",
    "codes",
    "is_listed",
    "name",
]

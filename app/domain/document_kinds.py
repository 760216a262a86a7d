"""Kinds of electronic documents: codes of SUNAT's catalogue 01, and its two kinds of file."""

from __future__ import annotations

from typing import Final

SALES: Final = ("01", "03")
"""Facturas and boletas."""
CREDIT_NOTES: Final = ("07",)
NOTES: Final = (*CREDIT_NOTES, "08")
"""What corrects a factura or boleta: credit and debit notes."""
PRINTED: Final = (*SALES, *NOTES)
"""What customers get, on paper and by e-mail."""
REPORTS: Final = ("RC", "RA")
"""Daily summaries and voiding notices: files about documents; SUNAT gives a ticket for each."""

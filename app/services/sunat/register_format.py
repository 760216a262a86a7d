"""The registro de ventas in columns, for a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from app.domain.sales_register import Amounts, Entry
from app.i18n import gettext as _
from app.services.sunat.read_register import AMOUNTS

Row = tuple[Any, ...]


def headings() -> tuple[str, ...]:
    """In the order of PLE 14.1."""
    return (
        _("Date of issue"),
        _("Due date"),
        _("Document type (table 10)"),
        _("Series"),
        _("Number"),
        _("Identity document (table 2)"),
        _("Document number"),
        _("Customer"),
        *amount_headings(),
        _("Currency"),
        _("Exchange rate"),
        _("Modified: date"),
        _("Modified: type"),
        _("Modified: series"),
        _("Modified: number"),
        _("Status"),
    )


def amount_headings() -> tuple[str, ...]:
    """Of the columns of :class:`Amounts`."""
    return (
        _("Exported"),
        _("Taxed base"),
        _("Discount of the base"),
        _("IGV"),
        _("Discount of the IGV"),
        _("Exonerated"),
        _("Unaffected"),
        _("ISC"),
        _("IVAP base"),
        _("IVAP"),
        _("ICBPER"),
        _("Other charges"),
        _("Total"),
    )


def rows(entries: Sequence[Entry]) -> list[Row]:
    """The entries, and their totals to the cent; ``date``, texts and numbers."""
    return [*(_row(entry) for entry in entries), _totals(entries)]


def _row(entry: Entry) -> Row:
    modified = entry.modified
    return (
        entry.issued_on,
        entry.due_on,
        entry.document_type,
        entry.series,
        entry.number,
        entry.customer_type,
        entry.customer_number,
        entry.customer,
        *_values(entry.amounts),
        entry.currency,
        entry.exchange_rate,
        *(
            (modified.issued_on, modified.document_type, modified.series, modified.number)
            if modified
            else (None, "", "", "")
        ),
        entry.status,
    )


def _totals(entries: Sequence[Entry]) -> Row:
    sums = (
        sum((getattr(entry.amounts, name) for entry in entries), Decimal("0.00"))
        for name in AMOUNTS
    )
    return (_("Totals"), None, "", "", None, "", "", "", *sums, "", None, None, "", "", "", "")


def _values(amounts: Amounts) -> tuple[Decimal, ...]:
    return tuple(getattr(amounts, name) for name in AMOUNTS)

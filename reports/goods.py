"""The table of goods of a receipt or quotation on A4."""

from __future__ import annotations

from collections.abc import Iterable

from app.i18n import gettext as _
from reports.a4 import Page
from reports.receipts.pdf import plain
from reports.receipts.ticket import TicketLine


def add_goods(page: Page, lines: Iterable[TicketLine]) -> None:
    """A row for each line, prices with tax, in the language of the moment."""
    headings = (_("Description"), _("SKU"), _("Quantity"), _("Price"), _("Discount"), _("Total"))
    rows = [
        (
            line.description,
            line.sku,
            str(line.quantity),
            plain(line.unit_price),
            plain(-line.discount) if line.discount else "",
            plain(line.total),
        )
        for line in lines
    ]
    page.table(headings, rows, numbers=2)

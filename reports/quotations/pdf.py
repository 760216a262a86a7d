"""A quotation on A4."""

from __future__ import annotations

from app.i18n import force_locale
from app.i18n import gettext as _
from reports.a4 import Page
from reports.goods import add_goods
from reports.quotations.paper import QuotationPaper
from reports.receipts.pdf import plain
from reports.receipts.ticket import SYMBOLS


def quotation_pdf(paper: QuotationPaper) -> bytes:
    """In the paper's language, on as many pages as it needs; the same bytes each time."""
    page, symbol = Page(), SYMBOLS[paper.currency]
    with force_locale(paper.language):
        page.head(paper.business, _("Quotation"), paper.number)
        place = " · ".join(filter(None, [paper.location, paper.address]))
        facts = [
            (_("Date"), f"{paper.made_at:%d/%m/%Y}"),
            (_("Valid until"), f"{paper.valid_until:%d/%m/%Y}"),
            (_("Customer"), paper.customer),
            (_("Made by"), paper.made_by),
            (_("Location"), place),
        ]
        page.facts([(label, value) for label, value in facts if value])
        add_goods(page, paper.lines)
        page.sums(
            [
                (_("Before discounts"), plain(paper.subtotal), False),
                (_("Discounts"), plain(-paper.discount), False),
                (_("IGV included"), plain(paper.tax), False),
                (_("TOTAL"), f"{symbol} {plain(paper.total)}", True),
            ]
        )
        page.text(_("Say: %(amount)s", amount=paper.in_words))
        day = f"{paper.valid_until:%d/%m/%Y}"
        if paper.prices_hold:
            page.text(_("Prices with IGV, kept until %(day)s while stocks last.", day=day))
        else:
            page.text(_("Prices with IGV, which may change; offer until %(day)s.", day=day))
        page.text(_("A quotation is not a tax document (comprobante de pago)."), small=True)
        return page.pdf(paper.number)

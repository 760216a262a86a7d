"""The receipt of a sale on A4: what the paper of the till says, with more room."""

from __future__ import annotations

from app.i18n import force_locale
from app.i18n import gettext as _
from reports.a4 import Page, Sum
from reports.goods import add_goods
from reports.receipts.pdf import copy_mark, plain
from reports.receipts.ticket import Ticket


def receipt_a4(ticket: Ticket) -> bytes:
    """The receipt in the ticket's language, on as many pages as it needs."""
    page = Page()
    with force_locale(ticket.language):
        page.head(ticket.business, _("Sales note"), ticket.number, copy_mark(ticket.copy))
        place = " · ".join(filter(None, [ticket.location, ticket.address]))
        facts = [
            (_("Date"), f"{ticket.sold_at:%d/%m/%Y %H:%M}"),
            (_("Location"), place),
            (_("Customer"), ticket.customer),
            (_("Cashier"), ticket.cashier),
        ]
        page.facts([(label, value) for label, value in facts if value])
        add_goods(page, ticket.lines)
        page.sums(_sums(ticket))
        page.text(_("Say: %(amount)s", amount=ticket.in_words))
        page.text(ticket.footer)
        page.text(_("This note is not a tax document (comprobante de pago)."), small=True)
        return page.pdf(ticket.number)


def _sums(ticket: Ticket) -> list[Sum]:
    sums: list[Sum] = [
        (_("Subtotal without tax"), plain(ticket.base), False),
        (_("IGV"), plain(ticket.tax), False),
    ]
    if ticket.cash_rounding:
        sums.append((_("Total"), plain(ticket.total), False))
        sums.append((_("Cash rounding"), plain(ticket.cash_rounding), False))
    sums.append((_("TOTAL TO PAY"), f"{ticket.symbol} {plain(ticket.to_pay)}", True))
    sums += [(_(name), plain(amount), False) for name, amount in ticket.payments]
    if ticket.tendered:
        sums.append((_("Cash"), plain(ticket.tendered), False))
        sums.append((_("Change"), plain(ticket.change), False))
    return sums

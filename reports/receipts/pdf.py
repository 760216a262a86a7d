"""The receipt of a sale as a PDF for 80 mm paper."""

from __future__ import annotations

from decimal import Decimal

from app.i18n import force_locale
from app.i18n import gettext as _
from reports.receipts.paper import Strip
from reports.receipts.ticket import Ticket

MILLIMETRE = 72 / 25.4


def receipt_pdf(ticket: Ticket) -> bytes:
    """The receipt in the ticket's language; one page, 80 mm wide and as long as it needs."""
    strip = Strip()
    with force_locale(ticket.language):
        _head(strip, ticket)
        _lines(strip, ticket)
        _totals(strip, ticket)
        _foot(strip, ticket)
    return strip.pdf(ticket.number)


def _head(strip: Strip, ticket: Ticket) -> None:
    strip.text(ticket.business.name, size=12, bold=True, center=True)
    if ticket.business.ruc:
        strip.text(f"RUC {ticket.business.ruc}", center=True)
    if ticket.business.address:
        strip.text(ticket.business.address, size=7.5, center=True)
    place = " · ".join(filter(None, [ticket.location, ticket.address]))
    strip.text(place, size=7.5, center=True)
    strip.rule()
    strip.text(_("Sales note"), size=9, bold=True, center=True)
    strip.text(ticket.number, size=11, bold=True, center=True)
    if ticket.copy:
        strip.text(copy_mark(ticket.copy), size=12, bold=True, center=True)
    strip.space(MILLIMETRE)
    strip.pair(_("Date"), f"{ticket.sold_at:%d/%m/%Y %H:%M}", size=8)
    if ticket.cashier:
        strip.pair(_("Cashier"), ticket.cashier, size=8)
    if ticket.customer:
        strip.pair(_("Customer"), ticket.customer, size=8)
    strip.rule()


def _lines(strip: Strip, ticket: Ticket) -> None:
    for line in ticket.lines:
        strip.text(line.description)
        price = plain(line.unit_price)
        gross = line.total + line.discount
        strip.pair(f"{line.quantity} × {price}   {line.sku}", plain(gross), size=8)
        if line.discount:
            strip.pair(_("Discount"), plain(-line.discount), size=8)
        strip.space(0.8 * MILLIMETRE)
    strip.rule()


def _totals(strip: Strip, ticket: Ticket) -> None:
    symbol = ticket.symbol
    strip.pair(_("Subtotal without tax"), plain(ticket.base), size=8)
    strip.pair(_("IGV"), plain(ticket.tax), size=8)
    if ticket.cash_rounding:
        strip.pair(_("Total"), plain(ticket.total), size=8)
        strip.pair(_("Cash rounding"), plain(ticket.cash_rounding), size=8)
    strip.space(MILLIMETRE)
    strip.pair(_("TOTAL TO PAY"), f"{symbol} {plain(ticket.to_pay)}", size=12, bold=True)
    strip.space(MILLIMETRE)
    for name, amount in ticket.payments:
        strip.pair(_(name), plain(amount))
    if ticket.tendered:
        strip.pair(_("Cash"), plain(ticket.tendered))
        strip.pair(_("Change"), plain(ticket.change))
    strip.space(MILLIMETRE)
    strip.text(_("Say: %(amount)s", amount=ticket.in_words), size=7.5)
    strip.rule()


def _foot(strip: Strip, ticket: Ticket) -> None:
    strip.space(MILLIMETRE)
    strip.barcode(ticket.number)
    for line in ticket.footer.splitlines():
        strip.text(line, bold=True, center=True)
    strip.text(_("This note is not a tax document (comprobante de pago)."), size=7, center=True)


def copy_mark(copy: int) -> str:
    """What tells a copy from the original; "" on the original."""
    return _("COPY %(number)s", number=copy) if copy else ""


def plain(amount: Decimal) -> str:
    """Two decimals with thousands, as in Peru; more only where a unit price has them."""
    exact = amount.normalize()
    decimals = max(2, -int(exact.as_tuple().exponent))
    return f"{amount:,.{decimals}f}"

"""The slip of a return as a PDF for 80 mm paper, for the customer to sign."""

from __future__ import annotations

from decimal import Decimal

from app.i18n import force_locale
from app.i18n import gettext as _
from reports.receipts.paper import Strip
from reports.receipts.pdf import copy_mark
from reports.receipts.slip import ReturnSlip

MILLIMETRE = 72 / 25.4


def return_pdf(slip: ReturnSlip) -> bytes:
    """The slip in the language of the business; one page, as long as it needs."""
    strip = Strip()
    with force_locale(slip.sale.language):
        _head(strip, slip)
        _lines(strip, slip)
        _totals(strip, slip)
        _foot(strip, slip)
    return strip.pdf(slip.number)


def _head(strip: Strip, slip: ReturnSlip) -> None:
    business = slip.sale.business
    strip.text(business.name, size=12, bold=True, center=True)
    if business.ruc:
        strip.text(f"RUC {business.ruc}", center=True)
    if business.address:
        strip.text(business.address, size=7.5, center=True)
    strip.text(slip.place, size=7.5, center=True)
    strip.rule()
    title = _("Cancellation") if slip.kind == "cancellation" else _("Return of goods")
    strip.text(title, size=9, bold=True, center=True)
    strip.text(slip.number, size=11, bold=True, center=True)
    if slip.copy:
        strip.text(copy_mark(slip.copy), size=12, bold=True, center=True)
    strip.space(MILLIMETRE)
    strip.pair(_("Date"), f"{slip.at:%d/%m/%Y %H:%M}", size=8)
    strip.pair(_("Sale"), slip.sale.number, size=8)
    strip.pair(_("Date of the sale"), f"{slip.sale.sold_at:%d/%m/%Y %H:%M}", size=8)
    if slip.exchanged_for:
        strip.pair(_("Exchanged for"), slip.exchanged_for, size=8)
    if slip.person:
        strip.pair(_("Cashier"), slip.person, size=8)
    if slip.sale.customer:
        strip.pair(_("Customer"), slip.sale.customer, size=8)
    strip.text(f"{_('Reason')}: {slip.reason}", size=8)
    strip.rule()


def _lines(strip: Strip, slip: ReturnSlip) -> None:
    for line in slip.lines:
        strip.text(line.description)
        strip.pair(f"{line.quantity} ×   {line.sku}", _number(line.amount), size=8)
        strip.space(0.8 * MILLIMETRE)
    if slip.lines:
        strip.rule()


def _totals(strip: Strip, slip: ReturnSlip) -> None:
    total = f"{slip.sale.symbol} {_number(slip.amount)}"
    strip.pair(_("GIVEN BACK"), total, size=12, bold=True)
    strip.space(MILLIMETRE)
    for name, amount, number in slip.means:
        strip.pair(" ".join(filter(None, (_(name), number))), _number(amount))
    for label, points in (
        (_("Points given back"), slip.points_given),
        (_("Points taken back"), -slip.points_taken),
    ):
        if points:
            strip.pair(label, f"{points:,}")
    strip.space(MILLIMETRE)
    strip.text(_("Say: %(amount)s", amount=slip.in_words), size=7.5)
    strip.rule()


def _foot(strip: Strip, slip: ReturnSlip) -> None:
    strip.space(12 * MILLIMETRE)
    strip.rule()
    strip.text(_("Signature of the customer"), size=7.5, center=True)
    strip.space(2 * MILLIMETRE)
    strip.barcode(slip.number)
    strip.text(_("This note is not a tax document (comprobante de pago)."), size=7, center=True)


def _number(amount: Decimal) -> str:
    return f"{amount:,.2f}"

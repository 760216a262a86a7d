"""What stands on a report of a till, line by line: the same on the screen and on any paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from app.i18n import gettext as _
from app.i18n import ngettext
from models.catalog import TAX_CODES
from models.sales import OrderPayment
from models.sunat import SERIES_TYPES
from reports.cash.report import CashReport, TaxSum, TenderSum

SYMBOL = "S/"


@dataclass(frozen=True, slots=True)
class Line:
    """A label and its value; a ``strong`` one is a sum."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]


def title_of(report: CashReport) -> str:
    return _("Z report") if report.number else _("X report")


def facts_of(report: CashReport) -> tuple[Line, ...]:
    """Whose till it was, and when."""
    lines = [
        Line(_("Location"), report.location),
        Line(_("Cashier"), report.cashier),
        Line(_("Cash session"), str(report.session_id)),
        Line(_("Opened"), _time(report.opened_at)),
    ]
    if report.closed_at:
        lines.append(Line(_("Closed"), _time(report.closed_at)))
    lines.append(Line(_("Made"), _time(report.made_at)))
    return tuple(lines)


def sections_of(report: CashReport) -> tuple[Section, ...]:
    """All sums, in the language of the moment; sections without lines are left out."""
    found = (
        Section(_("Sales"), _sales(report)),
        Section(_("By means of payment"), _tenders(report)),
        Section(_("Given back"), _refunds(report)),
        Section(_("By tax"), _taxes(report.taxes)),
        Section(_("Goods that came back, by tax"), _taxes(report.returned)),
        Section(_("By document"), _documents(report)),
        Section(_("By cashier"), _cashiers(report)),
        Section(_("Cash paid in and out"), _movements(report)),
        Section(_("Cash in the drawer"), _cash(report)),
        Section(_("Notes and coins"), _denominations(report)),
        Section(_("Remarks"), _remarks(report)),
    )
    return tuple(section for section in found if section.lines)


def amount(value: Decimal) -> str:
    return f"{'-' if value < 0 else ''}{SYMBOL} {abs(value):,.2f}"


def _sales(report: CashReport) -> tuple[Line, ...]:
    lines = [
        Line(_("Number of sales"), str(report.sales)),
        Line(_("Pieces"), str(report.pieces)),
        Line(_("Before discounts"), amount(report.subtotal)),
        Line(_("Discounts"), amount(-report.discounts)),
    ]
    if report.shipping:
        lines.append(Line(_("Delivery"), amount(report.shipping)))
    lines += [
        Line(_("Cash rounding"), amount(report.rounding)),
        Line(_("Total of sales"), amount(report.total), strong=True),
        Line(_("Average ticket"), amount(report.average)),
    ]
    return tuple(lines)


def _tenders(report: CashReport) -> tuple[Line, ...]:
    names = OrderPayment.__table__.c.method.info["choices"]
    paid = [one for one in report.tenders if one.payments]
    lines = [
        Line(_counted(_(names[one.method]), one.payments), amount(one.received)) for one in paid
    ]
    total = sum((one.received for one in paid), Decimal(0))
    return (*lines, Line(_("Total received"), amount(total), strong=True)) if lines else ()


def _refunds(report: CashReport) -> tuple[Line, ...]:
    names = OrderPayment.__table__.c.method.info["choices"]
    back: list[TenderSum] = [one for one in report.tenders if one.refunds]
    lines = [
        Line(_counted(_(names[one.method]), one.refunds), amount(-one.refunded)) for one in back
    ]
    total = -sum((one.refunded for one in back), Decimal(0))
    return (*lines, Line(_("Total given back"), amount(total), strong=True)) if lines else ()


def _taxes(taxes: tuple[TaxSum, ...]) -> tuple[Line, ...]:
    names = TAX_CODES["choices"]
    lines = []
    for one in taxes:
        name = _(names[one.tax_code])
        lines.append(Line(_("%(tax)s: base", tax=name), amount(one.base)))
        if one.tax or one.rate:
            rate = f"{one.rate.normalize():f} %"
            lines.append(Line(_("%(tax)s: tax at %(rate)s", tax=name, rate=rate), amount(one.tax)))
    total = sum((one.base + one.tax for one in taxes), Decimal(0))
    return (*lines, Line(_("Total with tax"), amount(total), strong=True)) if lines else ()


def _documents(report: CashReport) -> tuple[Line, ...]:
    names = SERIES_TYPES["choices"]
    lines = []
    for one in (*report.documents, *report.notes_issued):
        lines.append(Line(_counted(_(names[one.document_type]), one.count), amount(one.total)))
        lines.append(Line(_("First number"), one.first))
        lines.append(Line(_("Last number"), one.last))
    return tuple(lines)


def _cashiers(report: CashReport) -> tuple[Line, ...]:
    return tuple(
        Line(_counted(one.name or "–", one.count), amount(one.total)) for one in report.cashiers
    )


def _movements(report: CashReport) -> tuple[Line, ...]:
    return tuple(
        Line(f"{one.at:%H:%M} {one.reason}", amount(one.amount)) for one in report.movements
    )


def _cash(report: CashReport) -> tuple[Line, ...]:
    lines = [
        Line(_("Starting cash"), amount(report.starting_cash)),
        Line(_("Cash sales"), amount(report.cash_received)),
    ]
    if report.cash_refunded:
        lines.append(Line(_("Cash given back"), amount(-report.cash_refunded)))
    lines += [
        Line(_("Paid in"), amount(report.paid_in)),
        Line(_("Paid out"), amount(-report.paid_out)),
        Line(_("Expected in the till"), amount(report.expected), strong=True),
    ]
    if report.counted is not None and report.discrepancy is not None:
        lines.append(Line(_("Counted"), amount(report.counted)))
        lines.append(Line(_("Difference"), amount(report.discrepancy), strong=True))
    return tuple(lines)


def _denominations(report: CashReport) -> tuple[Line, ...]:
    return tuple(
        Line(f"{pieces} × {amount(value)}", amount(pieces * value))
        for value, pieces in report.denominations
    )


def _remarks(report: CashReport) -> tuple[Line, ...]:
    lines = []
    if report.approved_by:
        lines.append(Line(_("Difference approved by"), report.approved_by))
    if report.decision_reason:
        lines.append(Line(_("Reason"), report.decision_reason))
    if report.notes:
        lines.append(Line(_("Notes"), report.notes))
    return tuple(lines)


def _counted(name: str, count: int) -> str:
    times = ngettext("%(num)d time", "%(num)d times", count)
    return f"{name} ({times})"


def _time(moment: dt.datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M}"

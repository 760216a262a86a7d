"""The figures of the start page in words: value, change, and the list that they come from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_percent
from flask import url_for

from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import show_decimal, user_locale
from app.security.rights import current_actor
from app.services.overview import figures
from app.services.overview.figures import Figure, business_day

WHOLE_FROM = 10_000
"""Amounts from here on are shown without cents."""


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """``change`` compares with the week before, ``direction`` is up, down or empty; ``late`` is a
    warning. ``url`` is the list with exactly these rows."""

    value: str
    hint: str
    url: str
    change: str = ""
    direction: str = ""
    late: str = ""


def sales() -> ShownFigure:
    now = _now()
    figure = figures.sales_today(actor=current_actor(), now=now)
    change, direction = _change(figure)
    return ShownFigure(
        value=_amount(figure),
        hint=ngettext("%(num)s sale", "%(num)s sales", figure.count),
        url=url_for("OrderView.list", _flt_eq_created_at=business_day(now)[0].isoformat()),
        change=change,
        direction=direction,
    )


def tills() -> ShownFigure:
    figure = figures.open_tills(actor=current_actor(), now=_now())
    late = ngettext(
        "%(num)s since yesterday or before", "%(num)s since yesterday or before", figure.late
    )
    return ShownFigure(
        value=_count(figure.count),
        hint=ngettext("till session", "till sessions", figure.count),
        url=url_for("CashSessionView.list", _flt_eq_status="open"),
        late=late if figure.late else "",
    )


def overdue() -> ShownFigure:
    now = _now()
    figure = figures.overdue_invoices(actor=current_actor(), now=now)
    today, _start = business_day(now)
    due: dict[str, Any] = {"_flt_lt_due_date": today.isoformat(), "_flt_gt_balance_due": "0"}
    return ShownFigure(
        value=_amount(figure),
        hint=ngettext("%(num)s invoice", "%(num)s invoices", figure.count),
        url=url_for("InvoiceView.list", **due),
    )


def deals() -> ShownFigure:
    figure = figures.open_deals(actor=current_actor(), now=_now())
    late = ngettext("%(num)s past its date", "%(num)s past their date", figure.late)
    return ShownFigure(
        value=_amount(figure),
        hint=ngettext("%(num)s deal", "%(num)s deals", figure.count),
        url=url_for("DealView.list", _flt_empty_closed_at="1"),
        late=late if figure.late else "",
    )


def jobs() -> ShownFigure:
    now = _now()
    figure = figures.jobs_due(actor=current_actor(), now=now)
    late = ngettext("%(num)s overdue", "%(num)s overdue", figure.late)
    today = business_day(now)[0].isoformat()
    due: dict[str, Any] = {"_flt_lte_due_date": today, "_flt_empty_completed_at": "1"}
    return ShownFigure(
        value=_count(figure.count),
        hint=_("due today or before"),
        url=url_for("JobView.list", sort="due_date", **due),
        late=late if figure.late else "",
    )


def stock() -> ShownFigure:
    figure = figures.low_stock(actor=current_actor(), now=_now())
    late = ngettext("%(num)s sold out", "%(num)s sold out", figure.late)
    return ShownFigure(
        value=_count(figure.count),
        hint=_("below their least stock"),
        url=url_for("InventoryAlertView.list", _flt_eq_is_active="true"),
        late=late if figure.late else "",
    )


def documents() -> ShownFigure:
    figure = figures.documents_that_wait(actor=current_actor(), now=_now())
    rejected = ngettext("%(num)s rejected this week", "%(num)s rejected this week", figure.late)
    conditions = '[["sunat_status","eq","EXCEPTION"],["next_attempt_at","empty"]]'
    return ShownFigure(
        value=_count(figure.count),
        hint=_("wait for a person"),
        url=url_for("ElectronicDocumentView.list", filter=conditions),
        late=rejected if figure.late else "",
    )


def _amount(figure: Figure) -> str:
    amount = figure.amount or Decimal(0)
    if abs(amount) >= WHOLE_FROM:
        amount = amount.quantize(Decimal(1))
    pattern = "¤ #,##0" if abs(amount) >= WHOLE_FROM else "¤ #,##0.00"
    return str(
        format_currency(
            amount, figure.currency, pattern, locale=user_locale(), currency_digits=False
        )
    )


def _count(number: int) -> str:
    return show_decimal(number, 0)


def _change(figure: Figure) -> tuple[str, str]:
    """By how much it is more or less than a week ago."""
    if not figure.before or figure.amount is None:
        return "", ""
    share = figure.amount / figure.before - 1
    direction = "up" if share > 0 else "down" if share < 0 else ""
    percent = format_percent(share, "+#,##0 %;-#,##0 %", locale=user_locale())
    return _("%(percent)s on the same time last week", percent=percent), direction


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)

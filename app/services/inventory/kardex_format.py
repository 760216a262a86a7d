"""A kardex in the columns of SUNAT's format 13.1, for workbooks and paper."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.domain.kardex import Balance, KardexLine
from app.domain.sunat_kardex import GOODS, METHOD, OPENING, document, operation, unit
from app.i18n import gettext as _
from app.services.inventory.read_kardex import Kardex
from app.services.platform.business_time import business_zone
from app.services.platform.read_setting import read_setting
from reports.kardex.pdf import kardex_pdf
from reports.kardex.sheet import Sheet

WORDS = 5
"""Columns that are no numbers: date, kind, series and number of the document, operation."""
Row = tuple[Any, ...]


def headings(kardex: Kardex) -> tuple[str, ...]:
    """Of the workbook, where each stands alone; without costs for whoever may not see them."""
    words = (
        _("Date"),
        _("Document type (table 10)"),
        _("Series"),
        _("Number"),
        _("Operation type (table 12)"),
    )
    groups = (_("Entries"), _("Exits"), _("Final balance"))
    return (*words, *(f"{group}: {column}" for group in groups for column in _columns(kardex)))


def rows(kardex: Kardex) -> list[Row]:
    """The opening balance, each movement, and the totals; ``date``, texts and numbers."""
    opening = (kardex.first, "", "", "", OPENING, *_nothing(kardex), *_nothing(kardex))
    opening = (*opening, *_balance(kardex, kardex.opening))
    return [opening, *(_row(kardex, line) for line in kardex.lines), totals(kardex)]


def totals(kardex: Kardex) -> Row:
    """What entered, what left, and what is there."""
    entered = _moved(kardex, kardex.entered, None, kardex.value(entered=True))
    left = _moved(kardex, kardex.left, None, kardex.value(entered=False))
    words = (_("Totals"), *[""] * (WORDS - 1))
    return (*words, *entered, *left, *_balance(kardex, kardex.closing))


def facts(kardex: Kardex) -> list[tuple[str, str]]:
    """What stands above the columns."""
    return [
        (_("Period"), f"{kardex.first:%d/%m/%Y} – {kardex.last:%d/%m/%Y}"),
        (_("RUC"), read_setting("company.ruc") or "–"),
        (_("Registered name"), read_setting("company.legal_name") or read_setting("company.name")),
        (_("Establishment"), f"{kardex.establishment} · {kardex.location}"),
        (_("Code of the product"), kardex.sku),
        (_("Type (table 5)"), f"{GOODS} · {_('goods for sale')}"),
        (_("Description"), kardex.name),
        (_("Unit of measure (table 6)"), f"{unit(kardex.unit_code)} · {kardex.unit_code}"),
        (_("Valuation method (table 14)"), f"{METHOD} · {_('weighted average')}"),
    ]


def make_kardex_pdf(kardex: Kardex) -> bytes:
    """The kardex on A4 across."""
    columns = _columns(kardex)
    width = len(columns)
    paper = Sheet(
        title=_("Format 13.1: permanent inventory record with values")
        if kardex.shows_costs
        else _("Kardex"),
        facts=facts(kardex),
        groups=[
            (_("Document"), WORDS - 1),
            ("", 1),
            (_("Entries"), width),
            (_("Exits"), width),
            (_("Final balance"), width),
        ],
        headings=[_("Date"), _("Type"), _("Series"), _("Number"), _("Operation"), *columns * 3],
        rows=[[_text(cell) for cell in row] for row in rows(kardex)[:-1]],
        totals=[_text(cell) for cell in totals(kardex)],
        numbers=WORDS,
    )
    return kardex_pdf(paper)


def _columns(kardex: Kardex) -> tuple[str, ...]:
    costs = (_("Unit cost"), _("Total cost")) if kardex.shows_costs else ()
    return (_("Quantity"), *costs)


def _row(kardex: Kardex, line: KardexLine) -> Row:
    zone = business_zone()
    entry = line.entry
    moved = _moved(kardex, abs(entry.pieces), line.unit_cost, line.value)
    sides = (moved, _nothing(kardex)) if line.entered else (_nothing(kardex), moved)
    return (
        entry.moment.astimezone(zone).date(),
        *document(entry.document_type, entry.document),
        operation(entry.kind),
        *sides[0],
        *sides[1],
        *_balance(kardex, line.balance),
    )


def _moved(kardex: Kardex, pieces: int, cost: Decimal | None, value: Decimal) -> Row:
    return (pieces, cost, value) if kardex.shows_costs else (pieces,)


def _nothing(kardex: Kardex) -> Row:
    return (None,) * len(_columns(kardex))


def _balance(kardex: Kardex, balance: Balance) -> Row:
    return _moved(kardex, balance.pieces, balance.unit_cost, balance.value)


def _text(cell: Any) -> str:
    """As paper shows it: dates as in Peru, unit costs with four decimals, amounts with two."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        decimals = 2 if cell == round(cell, 2) and -cell.as_tuple().exponent <= 2 else 4  # type: ignore[operator]  # noqa: PLR2004 - céntimos
        return f"{cell:,.{decimals}f}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:%d/%m/%Y}" if hasattr(cell, "strftime") else str(cell)

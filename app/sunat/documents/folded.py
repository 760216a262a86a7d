"""Lines of a note: discounts and charges that change the base are within their unit values.

SUNAT takes the value of a note's line to be unit value times quantity, and its IGV to be that of
its lines: it reads neither discounts of lines there nor those of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from app.domain.money import ZERO, to_cents
from app.sunat.catalogs import TaxScheme
from app.sunat.documents.line_totals import (
    HUNDRED,
    TEN_DECIMALS,
    AppliedCharge,
    LineTotals,
    paid_for_one,
    rounded,
)


def folded(
    lines: tuple[LineTotals, ...], taxed: TaxScheme, change: Decimal
) -> tuple[LineTotals, ...]:
    """The lines with ``change``, the global discounts and charges, spread over the taxed ones.

    In proportion to their values, and so that values and taxes still add up to the same cents.
    """
    ours = [line for line in lines if line.scheme is taxed]
    if change and sum(line.value for line in ours):
        ours = _spread(ours, change)
    left = iter(ours)
    return tuple(_fold(line, next(left) if line.scheme is taxed else line) for line in lines)


def beside_base(applied: tuple[AppliedCharge, ...]) -> tuple[AppliedCharge, ...]:
    """Those that leave the base as it is."""
    return tuple(one for one in applied if not one.charge.code.affects_base)


def _spread(lines: Sequence[LineTotals], change: Decimal) -> list[LineTotals]:
    share = change / sum((line.value for line in lines), ZERO)
    shares = _parts(line.value * share for line in lines)
    moved = [
        replace(line, value=line.value + part, base=line.base + part)
        for line, part in zip(lines, shares, strict=True)
    ]
    taxes = _parts(line.base * line.rate / HUNDRED for line in moved)
    return [replace(line, tax=tax) for line, tax in zip(moved, taxes, strict=True)]


def _parts(amounts: Iterator[Decimal]) -> list[Decimal]:
    """The amounts in cents that add up to their sum in cents: what a running total grows by."""
    parts, total, given = [], ZERO, ZERO
    for amount in amounts:
        total += amount
        parts.append(to_cents(total) - given)
        given += parts[-1]
    return parts


def _fold(before: LineTotals, line: LineTotals) -> LineTotals:
    quantity = line.line.quantity
    charges = beside_base(line.charges)
    if not quantity or (line == before and charges == line.charges):
        return line
    unit_value = rounded(line.value / quantity, TEN_DECIMALS)
    alone = replace(line, unit_value=unit_value, charges=charges)
    return replace(alone, unit_price=paid_for_one(alone))

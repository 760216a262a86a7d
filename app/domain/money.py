"""Amounts of money: the one place that rounds."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """``amount`` with two decimals, half a céntimo rounded away from zero.

    The same as PostgreSQL's ``round(numeric, 2)``, so that a generated column and Python agree.
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def line_total(quantity: int, unit_price: Decimal) -> Decimal:
    """Price of ``quantity`` pieces, to the céntimo; unit prices have up to four decimals."""
    return to_cents(quantity * unit_price)

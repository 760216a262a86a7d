"""Rounding of totals that are paid in cash.

The coins below ten céntimos are out of circulation (one céntimo since 2011, five since 2019), so a
total paid in cash alone is brought down to the next ten céntimos, in the customer's favour as is
the practice in Peru: 10.37 is paid with 10.30. Prices and tax stay as they are; the difference is
kept with the order as ``cash_rounding``. Other means of payment take the exact total.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

SMALLEST_COIN = Decimal("0.10")


def cash_rounding(total: Decimal) -> Decimal:
    """What to add to a total of zero or more to pay it in cash: from -0.09 to 0.00."""
    coins = (total / SMALLEST_COIN).to_integral_value(ROUND_FLOOR)
    return (coins * SMALLEST_COIN - total).quantize(Decimal("0.01"))

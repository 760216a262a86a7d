"""Rounding of totals that are paid in cash.

The coins below ten céntimos are out of circulation (one céntimo since 2011, five since 2019), so a
total paid in cash alone is brought down to the next ten céntimos, in the customer's favour as is
the practice in Peru: 10.37 is paid with 10.30. The business may decide otherwise. Prices and tax
stay as they are; the difference is kept with the order as ``cash_rounding``. Other means of payment
take the exact total.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

SMALLEST_COIN = Decimal("0.10")


def cash_rounding(total: Decimal, coin: Decimal = SMALLEST_COIN) -> Decimal:
    """What to add to a total of zero or more to pay it in cash: zero, or less by under a ``coin``.

    A ``coin`` of zero doesn't round.
    """
    if not coin:
        return Decimal("0.00")
    coins = (total / coin).to_integral_value(ROUND_FLOOR)
    return (coins * coin - total).quantize(Decimal("0.01"))

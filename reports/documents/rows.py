"""Lines of a printed form."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.domain.money import to_cents
from app.sunat.documents import LineTotals

FOUR_DECIMALS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Row:
    """``unit_value`` is without taxes, ``unit_price`` with them. ``quantity`` times the price
    shown, less ``discount``, is ``amount``: of boletas with taxes, else without."""

    code: str
    description: str
    quantity: Decimal
    unit: str
    unit_value: Decimal
    unit_price: Decimal
    discount: Decimal
    amount: Decimal
    free: bool


def row_of(line: LineTotals, *, with_tax: bool) -> Row:
    """The line as it is printed; what is given free comes to nothing."""
    goods = line.line
    price, discount, amount = line.unit_price, _net_discount(line), line.value
    if with_tax and not line.is_free:
        price = _price(line)
        amount = line.value + line.taxes - line.icbper
        discount = to_cents(goods.quantity * price) - amount if goods.charges else Decimal(0)
    return Row(
        code=goods.code,
        description=goods.description,
        quantity=goods.quantity,
        unit=goods.unit,
        unit_value=_shown(line.unit_value),
        unit_price=_shown(price),
        discount=discount,
        amount=Decimal(0) if line.is_free else amount,
        free=line.is_free,
    )


def _price(line: LineTotals) -> Decimal:
    """Unit price with taxes before the line's discounts, as it was given where it was."""
    if line.line.unit_price is not None:
        return line.line.unit_price
    if not line.line.charges or not line.value:
        return line.unit_price
    taxes = line.taxes - line.icbper
    return line.unit_value * (line.value + taxes) / line.value


def _net_discount(line: LineTotals) -> Decimal:
    discounts = line.charged(affecting_base=True, charge=False)
    return discounts - line.charged(affecting_base=True, charge=True)


def _shown(price: Decimal) -> Decimal:
    """At most four decimals, and no zeros behind them."""
    rounded = price.quantize(FOUR_DECIMALS, ROUND_HALF_UP) if -_exponent(price) > 4 else price  # noqa: PLR2004 - as paper has room for
    return rounded.normalize() if rounded else Decimal(0)


def _exponent(number: Decimal) -> int:
    return int(number.as_tuple().exponent)

"""What a sale costs: lines with their tax, and totals that are exact sums of the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.cash_rounding import SMALLEST_COIN, cash_rounding
from app.domain.money import ZERO, line_total
from app.domain.tax import IGV, TaxSplit, split_tax


@dataclass(frozen=True, slots=True)
class SaleRules:
    """What the business sets: ``igv`` in percent, and the smallest ``coin`` (0 doesn't round)."""

    igv: Decimal = IGV
    coin: Decimal = SMALLEST_COIN


@dataclass(frozen=True, slots=True)
class LineToPrice:
    """``unit_price`` includes tax, in the sale's currency, up to four decimals; ``discount`` is on
    the whole line, to the céntimo."""

    quantity: int
    unit_price: Decimal
    tax_code: str
    discount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class SaleTotals:
    """Totals of a sale: ``total`` includes ``tax``; ``base + tax == total`` and
    ``subtotal - discount == total``.

    ``lines`` are the splits in the order of the lines.
    """

    lines: tuple[TaxSplit, ...]
    subtotal: Decimal
    discount: Decimal
    total: Decimal
    base: Decimal
    tax: Decimal
    coin: Decimal = SMALLEST_COIN

    @property
    def rounding_in_cash(self) -> Decimal:
        """What is added to ``total`` when all of it is paid in cash: zero or less."""
        return cash_rounding(self.total, self.coin)


def price_sale(lines: Sequence[LineToPrice], rules: SaleRules | None = None) -> SaleTotals:
    """Price each line to the céntimo and add the lines up.

    Raises :class:`~app.domain.tax.UnknownTaxCodeError` for a code that is no sale.
    """
    rules = rules or SaleRules()
    gross = [line_total(line.quantity, line.unit_price) for line in lines]
    splits = tuple(
        split_tax(price - line.discount, line.tax_code, rules.igv)
        for line, price in zip(lines, gross, strict=True)
    )
    return SaleTotals(
        lines=splits,
        subtotal=sum(gross, ZERO),
        discount=sum((line.discount for line in lines), ZERO),
        total=sum((split.total for split in splits), ZERO),
        base=sum((split.base for split in splits), ZERO),
        tax=sum((split.tax for split in splits), ZERO),
        coin=rules.coin,
    )

"""What a line adds up to: value, taxes and unit prices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from app.domain.money import ZERO, to_cents
from app.domain.tax import RATES
from app.sunat.catalogs import Affectation, IscSystem, TaxScheme
from app.sunat.documents.lines import Charge, Isc, Line

HUNDRED: Final = Decimal(100)
TEN_DECIMALS: Final = Decimal("1E-10")
FIVE_DECIMALS: Final = Decimal("1E-5")
THREE_DECIMALS: Final = Decimal("1E-3")
NEAR: Final = Decimal("0.5")
"""SUNAT forgives a unit price 1.00."""


@dataclass(frozen=True, slots=True)
class AppliedCharge:
    """A discount or charge with the amount it came to and what it was taken of, without tax."""

    charge: Charge
    amount: Decimal
    base: Decimal


@dataclass(frozen=True, slots=True)
class IscAmount:
    """ISC of a line: ``percent`` of ``base``; for a fixed amount the percent that it comes to."""

    system: IscSystem
    base: Decimal
    percent: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineTotals:
    """``value`` is without taxes and after the discounts that change the base.

    ``base`` is what the IGV is taken of: the value and the ISC. ``tax`` is the IGV or IVAP; of a
    free line it only informs. Unit prices have up to ten decimals.
    """

    line: Line
    scheme: TaxScheme
    rate: Decimal
    unit_value: Decimal
    unit_price: Decimal
    value: Decimal
    base: Decimal
    tax: Decimal
    isc: IscAmount | None
    icbper: Decimal
    charges: tuple[AppliedCharge, ...]

    @property
    def is_free(self) -> bool:
        return self.scheme is TaxScheme.FREE

    @property
    def taxes(self) -> Decimal:
        """Taxes that are paid: none on what is given, but the tax on its bags."""
        isc = self.isc.amount if self.isc else ZERO
        return self.icbper + isc + (ZERO if self.is_free else self.tax)

    def charged(self, *, affecting_base: bool, charge: bool) -> Decimal:
        """Sum of the charges (else discounts) that do or don't change the base."""
        return sum(
            (
                applied.amount
                for applied in self.charges
                if applied.charge.code.affects_base is affecting_base
                and applied.charge.code.is_charge is charge
            ),
            ZERO,
        )


def tax_rate(line: Line, igv_rate: Decimal) -> Decimal:
    """Percent of IGV or IVAP, also of a free line; zero where the law takes none."""
    if line.affectation.taxed_with_igv:
        return igv_rate
    return RATES[line.affectation] if line.affectation is Affectation.IVAP else ZERO


def line_totals(line: Line, igv_rate: Decimal) -> LineTotals:
    """All amounts of a line, to the cent, each rounded once, half away from zero."""
    rate = tax_rate(line, igv_rate)
    of_base = HUNDRED / (HUNDRED + rate)
    with_tax = line.unit_price is not None
    given = line.unit_price if line.unit_price is not None else line.unit_value or ZERO
    unit_value = rounded(given * of_base, TEN_DECIMALS) if with_tax else given
    whole = to_cents(line.quantity * unit_value)
    charges = tuple(
        AppliedCharge(charge, _net(charge, whole, of_base if with_tax else Decimal(1)), whole)
        for charge in line.charges
    )
    total = to_cents(line.quantity * given) + _change(line, to_cents(line.quantity * given))
    value = to_cents(total * of_base) if with_tax else total
    isc = _isc(line.isc, line, value, igv_rate) if line.isc else None
    base = value + (isc.amount if isc else ZERO)
    tax = total - value if with_tax else to_cents(base * rate / HUNDRED)
    icbper = to_cents(line.quantity * line.bag_tax) if line.bag_tax else ZERO
    result = LineTotals(
        line, line.scheme, rate, unit_value, ZERO, value, base, tax, isc, icbper, charges
    )
    return _with_unit_price(result)


def _change(line: Line, whole: Decimal) -> Decimal:
    """What the discounts and charges that affect the base change of the line's total as given."""
    return sum(
        (
            charge.of(whole) if charge.code.is_charge else -charge.of(whole)
            for charge in line.charges
            if charge.code.affects_base
        ),
        ZERO,
    )


def _net(charge: Charge, whole: Decimal, of_base: Decimal) -> Decimal:
    if charge.factor is not None:
        return charge.of(whole)
    return to_cents(charge.amount * (of_base if charge.code.affects_base else 1))


def _isc(isc: Isc, line: Line, value: Decimal, igv_rate: Decimal) -> IscAmount:
    if isc.system is IscSystem.FIXED_AMOUNT:
        amount = to_cents(isc.per_unit * line.quantity)
        percent = rounded(amount * HUNDRED / value, FIVE_DECIMALS) if value else ZERO
        return IscAmount(isc.system, value, percent, amount)
    base = value
    if isc.system is IscSystem.RETAIL_PRICE:
        without_igv = rounded(HUNDRED / (HUNDRED + igv_rate), THREE_DECIMALS)
        base = to_cents(isc.retail_price * without_igv * line.quantity)
    return IscAmount(isc.system, base, isc.rate, to_cents(base * isc.rate / HUNDRED))


def paid_for_one(totals: LineTotals) -> Decimal:
    """Unit price with taxes, after discounts and charges of the line."""
    paid = totals.value + totals.taxes
    paid -= totals.charged(affecting_base=False, charge=False)
    paid += totals.charged(affecting_base=False, charge=True)
    return rounded(paid / totals.line.quantity, TEN_DECIMALS)


def _with_unit_price(totals: LineTotals) -> LineTotals:
    """What is paid for one: the price as given where that agrees, as it does but for tiny amounts.

    A gram at 14.90 a kilogram is paid as 0.01, which is 10.00 a kilogram: SUNAT wants that.
    """
    line = totals.line
    if not line.quantity:
        return totals
    price = paid_for_one(totals)
    if line.unit_price is not None and not line.charges and not line.bag_tax:
        price = line.unit_price if abs(line.unit_price - price) < NEAR else price
    return replace(totals, unit_price=price)


def rounded(number: Decimal, to: Decimal) -> Decimal:
    """Half away from zero, to as many decimals as ``to`` has."""
    return number.quantize(to, ROUND_HALF_UP)

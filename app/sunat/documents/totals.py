"""What a document adds up to, exactly: every amount of its header follows from its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.domain.money import ZERO, to_cents
from app.sunat.catalogs import ChargeCode, TaxScheme
from app.sunat.documents.folded import beside_base, folded
from app.sunat.documents.line_totals import HUNDRED, AppliedCharge, LineTotals, line_totals
from app.sunat.documents.lines import Charge
from app.sunat.documents.model import Invoice, Note, Sale
from app.sunat.documents.payment import Prepayment

IVAP_RATE: Final = Decimal(4)
ORDER: Final = (
    TaxScheme.IGV,
    TaxScheme.IVAP,
    TaxScheme.ISC,
    TaxScheme.ICBPER,
    TaxScheme.EXPORT,
    TaxScheme.FREE,
    TaxScheme.EXONERATED,
    TaxScheme.UNAFFECTED,
)
PREPAID_SCHEMES: Final[Mapping[ChargeCode, TaxScheme]] = {
    ChargeCode.PREPAID_EXONERATED: TaxScheme.EXONERATED,
    ChargeCode.PREPAID_UNAFFECTED: TaxScheme.UNAFFECTED,
}


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """Base and tax of one scheme in the header, after global discounts and advances."""

    scheme: TaxScheme
    base: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """``payable == tax_inclusive - allowances + charges - prepaid + rounding``, to the cent.

    ``value`` is the sum of the lines that are sold, less global discounts that change the base.
    ``tax_inclusive`` is the value with its taxes before advances are taken off. ``perception`` is
    paid on top of ``payable``, in soles.
    """

    lines: tuple[LineTotals, ...]
    taxes: tuple[TaxTotal, ...]
    applied: tuple[AppliedCharge, ...]
    value: Decimal
    tax: Decimal
    tax_inclusive: Decimal
    allowances: Decimal
    charges: Decimal
    prepaid: Decimal
    rounding: Decimal
    payable: Decimal
    perception: AppliedCharge | None

    def of(self, scheme: TaxScheme) -> TaxTotal:
        """Base and amount of a scheme; zeros where no line has it."""
        found = (total for total in self.taxes if total.scheme is scheme)
        return next(found, TaxTotal(scheme, ZERO, ZERO))


def totals(document: Sale) -> Totals:
    """All amounts of an invoice, receipt or note. Pure; nothing is rounded twice."""
    lines = tuple(line_totals(line, document.igv_rate) for line in document.lines)
    taxed = TaxScheme.IVAP if _has(lines, TaxScheme.IVAP) else TaxScheme.IGV
    applied = _apply(document.charges, lines, taxed)
    change = _sum(applied, affecting_base=True, charge=True)
    change -= _sum(applied, affecting_base=True, charge=False)
    before = _taxes(lines, taxed, change, _tax(lines, taxed, change, document.igv_rate))
    prepayments = document.prepayments if isinstance(document, Invoice) else ()
    advances = tuple(_advance(prepayment, document.igv_rate) for prepayment in prepayments)
    taxes = _less_advances(before, taxed, advances)
    value = sum((line.value for line in lines if not line.is_free), ZERO) + change
    prepaid = sum((prepayment.amount for prepayment in prepayments), ZERO)
    allowances = _beside_base(applied, lines, charge=False)
    charges = _beside_base(applied, lines, charge=True)
    inclusive = value + _paid(before.values())
    payable = inclusive - allowances + charges - prepaid + document.rounding
    if isinstance(document, Note):
        applied = beside_base(applied) if _has(lines, taxed) else applied
        lines = folded(lines, taxed, change)
    return Totals(
        lines=lines,
        taxes=taxes,
        applied=(*applied, *(advance.applied for advance in advances)),
        value=value,
        tax=_paid(taxes),
        tax_inclusive=inclusive,
        allowances=allowances,
        charges=charges,
        prepaid=prepaid,
        rounding=document.rounding,
        payable=payable,
        perception=_perception(document, payable),
    )


@dataclass(frozen=True, slots=True)
class _Advance:
    """An advance: what it takes off the base, as a discount, and off the tax."""

    applied: AppliedCharge
    tax: Decimal


def _advance(prepayment: Prepayment, igv_rate: Decimal) -> _Advance:
    base = prepayment.amount
    if prepayment.code is ChargeCode.PREPAID_TAXED:
        base = to_cents(prepayment.amount * HUNDRED / (HUNDRED + igv_rate))
    charge = Charge(prepayment.code, base)
    return _Advance(AppliedCharge(charge, base, base), prepayment.amount - base)


def _has(lines: tuple[LineTotals, ...], scheme: TaxScheme) -> bool:
    return any(line.scheme is scheme for line in lines)


def _apply(
    charges: tuple[Charge, ...], lines: tuple[LineTotals, ...], taxed: TaxScheme
) -> tuple[AppliedCharge, ...]:
    """Global discounts and charges: of the taxed lines if they change the base, else of all."""
    sold = sum((line.value for line in lines if not line.is_free), ZERO)
    base = sum((line.value for line in lines if line.scheme is taxed), ZERO)
    return tuple(
        AppliedCharge(charge, charge.of(of), of)
        for charge in charges
        for of in (base if charge.code.affects_base else sold,)
    )


def _sum(applied: tuple[AppliedCharge, ...], *, affecting_base: bool, charge: bool) -> Decimal:
    return sum(
        (
            one.amount
            for one in applied
            if one.charge.code.affects_base is affecting_base
            and one.charge.code.is_charge is charge
        ),
        ZERO,
    )


def _paid(taxes: Iterable[TaxTotal]) -> Decimal:
    """Taxes that are paid: all but those that only inform."""
    return sum((one.amount for one in taxes if one.scheme is not TaxScheme.FREE), ZERO)


def _beside_base(
    applied: tuple[AppliedCharge, ...], lines: tuple[LineTotals, ...], *, charge: bool
) -> Decimal:
    """What the discounts (or charges) that leave the base take off, or add to, what is paid."""
    of_lines = (line.charged(affecting_base=False, charge=charge) for line in lines)
    return _sum(applied, affecting_base=False, charge=charge) + sum(of_lines, ZERO)


def _tax(
    lines: tuple[LineTotals, ...], taxed: TaxScheme, change: Decimal, igv_rate: Decimal
) -> Decimal:
    """The sum of the lines' tax; with a global discount the tax of the base that is left."""
    ours = [line for line in lines if line.scheme is taxed]
    if not change:
        return sum((line.tax for line in ours), ZERO)
    rate = IVAP_RATE if taxed is TaxScheme.IVAP else igv_rate
    return to_cents((sum((line.base for line in ours), ZERO) + change) * rate / HUNDRED)


def _taxes(
    lines: tuple[LineTotals, ...], taxed: TaxScheme, change: Decimal, tax: Decimal
) -> dict[TaxScheme, TaxTotal]:
    """One total for each scheme that a line has; the base of the IGV is without the ISC."""
    bases: defaultdict[TaxScheme, Decimal] = defaultdict(lambda: ZERO)
    amounts: defaultdict[TaxScheme, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        bases[line.scheme] += line.value
        amounts[line.scheme] += line.tax
        if line.isc and not line.is_free:
            bases[TaxScheme.ISC] += line.isc.base
            amounts[TaxScheme.ISC] += line.isc.amount
        if line.icbper:
            amounts[TaxScheme.ICBPER] += line.icbper
    if taxed in bases:
        bases[taxed] += change
        amounts[taxed] = tax
    return {
        scheme: TaxTotal(scheme, bases[scheme], amounts[scheme])
        for scheme in ORDER
        if scheme in amounts
    }


def _less_advances(
    taxes: dict[TaxScheme, TaxTotal], taxed: TaxScheme, advances: tuple[_Advance, ...]
) -> tuple[TaxTotal, ...]:
    """The same after what was already charged."""
    left = dict(taxes)
    for advance in advances:
        scheme = PREPAID_SCHEMES.get(advance.applied.charge.code, taxed)
        if scheme in left:
            total = left[scheme]
            base, amount = total.base - advance.applied.amount, total.amount - advance.tax
            left[scheme] = TaxTotal(scheme, base, amount)
    return tuple(left.values())


def _perception(document: Sale, payable: Decimal) -> AppliedCharge | None:
    perception = document.perception if isinstance(document, Invoice) else None
    if perception is None:
        return None
    base = payable if perception.base is None else perception.base
    charge = Charge(perception.code, factor=perception.factor)
    return AppliedCharge(charge, charge.of(base), base)

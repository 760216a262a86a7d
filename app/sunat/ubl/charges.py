"""Discounts and charges, and taxes, of lines and of the whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from lxml import etree

from app.domain.money import ZERO
from app.sunat.catalogs import TaxScheme
from app.sunat.documents import LineTotals, Totals
from app.sunat.documents.line_totals import AppliedCharge
from app.sunat.ubl.nodes import cents, number, put, put_amount

FIVE_DECIMALS: Final = 5


def put_charge(parent: etree._Element, applied: AppliedCharge, currency: str) -> None:
    """A discount or charge with what it is taken of; the factor only where it was given."""
    charge = applied.charge
    element = put(parent, "cac:AllowanceCharge")
    put(element, "cbc:ChargeIndicator", str(charge.code.is_charge).lower())
    put(element, "cbc:AllowanceChargeReasonCode", charge.code)
    if charge.factor is not None:
        put(element, "cbc:MultiplierFactorNumeric", number(round(charge.factor, FIVE_DECIMALS)))
    put_amount(element, "cbc:Amount", applied.amount, currency)
    put_amount(element, "cbc:BaseAmount", applied.base, currency)


def put_totals_of_taxes(parent: etree._Element, totals: Totals, currency: str) -> None:
    """The taxes of the whole document: one part for each that a line has."""
    element = put(parent, "cac:TaxTotal")
    put_amount(element, "cbc:TaxAmount", totals.tax, currency)
    for total in totals.taxes:
        part = put(element, "cac:TaxSubtotal")
        if total.scheme is not TaxScheme.ICBPER:
            put_amount(part, "cbc:TaxableAmount", total.base, currency)
        put_amount(part, "cbc:TaxAmount", total.amount, currency)
        _put_scheme(put(part, "cac:TaxCategory"), total.scheme)


def put_taxes_of_line(parent: etree._Element, line: LineTotals, currency: str) -> None:
    """The taxes of a line: ISC, then IGV or what stands in its place, then the bags' tax."""
    element = put(parent, "cac:TaxTotal")
    put_amount(element, "cbc:TaxAmount", line.taxes, currency)
    if line.isc:
        category = _put_part(element, line.isc.base, line.isc.amount, currency)
        put(category, "cbc:Percent", number(line.isc.percent))
        put(category, "cbc:TierRange", line.isc.system)
        _put_scheme(category, TaxScheme.ISC)
    category = _put_part(element, line.base, line.tax, currency)
    put(category, "cbc:Percent", number(line.rate))
    put(category, "cbc:TaxExemptionReasonCode", line.line.affectation)
    _put_scheme(category, line.scheme)
    if line.line.bag_tax:
        _put_bags(element, line, currency)


def put_tax_alone(
    parent: etree._Element, scheme: TaxScheme, amount: Decimal, currency: str
) -> None:
    """One tax in a total of its own, as the daily summary has them."""
    element = put(parent, "cac:TaxTotal")
    put_amount(element, "cbc:TaxAmount", amount, currency)
    part = put(element, "cac:TaxSubtotal")
    put_amount(part, "cbc:TaxAmount", amount, currency)
    _put_scheme(put(part, "cac:TaxCategory"), scheme)


def _put_bags(element: etree._Element, line: LineTotals, currency: str) -> None:
    part = put(element, "cac:TaxSubtotal")
    put_amount(part, "cbc:TaxAmount", line.icbper, currency)
    put(part, "cbc:BaseUnitMeasure", f"{line.line.quantity:.0f}", unitCode="NIU")
    category = put(part, "cac:TaxCategory")
    each = line.line.bag_tax or ZERO
    put(category, "cbc:PerUnitAmount", cents(each), currencyID=currency)
    _put_scheme(category, TaxScheme.ICBPER)


def _put_part(
    element: etree._Element, base: Decimal, amount: Decimal, currency: str
) -> etree._Element:
    part = put(element, "cac:TaxSubtotal")
    put_amount(part, "cbc:TaxableAmount", base, currency)
    put_amount(part, "cbc:TaxAmount", amount, currency)
    return put(part, "cac:TaxCategory")


def _put_scheme(category: etree._Element, scheme: TaxScheme) -> None:
    element = put(category, "cac:TaxScheme")
    put(element, "cbc:ID", scheme)
    put(element, "cbc:Name", scheme.label)
    put(element, "cbc:TaxTypeCode", scheme.type_code)

"""Lines of invoices and notes."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from lxml import etree

from app.domain.money import ZERO
from app.sunat.catalogs import DocumentType, PriceType
from app.sunat.documents import Line, LineTotals
from app.sunat.ubl.charges import put_charge, put_taxes_of_line
from app.sunat.ubl.nodes import number, put, put_amount

NAMES: Final = {
    DocumentType.CREDIT_NOTE: ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
    DocumentType.DEBIT_NOTE: ("cac:DebitNoteLine", "cbc:DebitedQuantity"),
}
INVOICE: Final = ("cac:InvoiceLine", "cbc:InvoicedQuantity")


def put_line(
    parent: etree._Element, position: int, totals: LineTotals, kind: DocumentType, currency: str
) -> None:
    """A line; the schemas of notes want its taxes before its discounts, invoices after."""
    name, quantity = NAMES.get(kind, INVOICE)
    line = totals.line
    element = put(parent, name)
    put(element, "cbc:ID", position)
    put(element, quantity, number(line.quantity, 0), unitCode=line.unit)
    put_amount(element, "cbc:LineExtensionAmount", totals.value, currency)
    price = put(put(element, "cac:PricingReference"), "cac:AlternativeConditionPrice")
    _put_price(price, totals.unit_value if totals.is_free else totals.unit_price, currency)
    kind_of_price = PriceType.REFERENCE_VALUE if totals.is_free else PriceType.WITH_TAXES
    put(price, "cbc:PriceTypeCode", kind_of_price)
    if kind in NAMES:
        put_taxes_of_line(element, totals, currency)
    for charge in totals.charges:
        put_charge(element, charge, currency)
    if kind not in NAMES:
        put_taxes_of_line(element, totals, currency)
    _put_item(element, line)
    unit_value = ZERO if totals.is_free else totals.unit_value
    _put_price(put(element, "cac:Price"), unit_value, currency)


def _put_item(element: etree._Element, line: Line) -> None:
    item = put(element, "cac:Item")
    put(item, "cbc:Description", line.description)
    if line.code:
        put(put(item, "cac:SellersItemIdentification"), "cbc:ID", line.code)
    if line.gtin:
        standard = put(item, "cac:StandardItemIdentification")
        put(standard, "cbc:ID", line.gtin, schemeID=f"GTIN-{len(line.gtin)}")
    if line.sunat_code:
        classification = put(item, "cac:CommodityClassification")
        put(classification, "cbc:ItemClassificationCode", line.sunat_code)


def _put_price(parent: etree._Element, price: Decimal, currency: str) -> None:
    put(parent, "cbc:PriceAmount", number(price), currencyID=currency)

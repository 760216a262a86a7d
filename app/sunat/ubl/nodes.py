"""Elements of UBL by their prefixed names, and numbers as SUNAT wants them written."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Final

from lxml import etree

from app.domain.money import to_cents

NAMESPACES: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "ext": "urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2",
    "sac": "urn:sunat:names:specification:ubl:peru:schema:xsd:SunatAggregateComponents-1",
}
SUNAT_ROOT: Final = "urn:sunat:names:specification:ubl:peru:schema:xsd:"
UBL_ROOT: Final = "urn:oasis:names:specification:ubl:schema:xsd:"


@cache
def tag(name: str) -> str:
    """``cbc:ID`` as lxml wants it."""
    prefix, _colon, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def root(name: str, *, of_sunat: bool = False) -> etree._Element:
    """The root element of a document, with a place for its signature."""
    namespace = f"{SUNAT_ROOT if of_sunat else UBL_ROOT}{name}-{1 if of_sunat else 2}"
    prefixes: dict[str | None, str] = {None: namespace}
    prefixes |= {key: uri for key, uri in NAMESPACES.items() if of_sunat or key != "sac"}
    element = etree.Element(f"{{{namespace}}}{name}", nsmap=prefixes)
    extension = put(put(element, "ext:UBLExtensions"), "ext:UBLExtension")
    put(extension, "ext:ExtensionContent")
    return element


def put(
    parent: etree._Element, name: str, text: object = None, **attributes: str
) -> etree._Element:
    """Add an element at the end of ``parent``."""
    element = etree.SubElement(parent, tag(name), attributes)
    if text is not None:
        element.text = str(text)
    return element


def put_amount(parent: etree._Element, name: str, amount: Decimal, currency: str) -> None:
    """An amount with two decimals and its currency."""
    put(parent, name, cents(amount), currencyID=currency)


def cents(amount: Decimal) -> str:
    """Two decimals, never an exponent, never a negative zero."""
    return f"{to_cents(amount) + 0:.2f}"


def number(value: Decimal, least: int = 2) -> str:
    """Without an exponent, with the decimals it needs and at least so many."""
    plain = value.normalize() + 0
    decimals = max(least, -int(plain.as_tuple().exponent))
    return f"{plain:.{decimals}f}"

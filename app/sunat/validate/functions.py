"""The functions that the rules call from XPath, with the prefix ``q``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from math import isnan
from typing import Any, Final

from lxml import etree

from app.sunat.catalogs import Affectation, TaxScheme, is_listed
from app.sunat.ubl import NAMESPACES

PREFIX: Final = "urn:qhatu:rules"
IGV_RATES: Final = {10.0, 18.0}
ALSO_FREE: Final = {Affectation.IVAP, Affectation.EXPORT}
AFFECTATIONS: Final = {known.value: known for known in Affectation}
SCHEMES: Final = {(scheme.value, scheme.label, scheme.type_code) for scheme in TaxScheme}
DIFFERENCE: Final = 1e-6
"""What binary numbers may be off; amounts differ by at least a cent."""


def text(value: Any) -> str:
    """String value of the first node, or of the value."""
    if isinstance(value, list):
        if not value:
            return ""
        first = value[0]
        return first if isinstance(first, str) else first.text or ""
    return str(value)


def number(value: Any) -> float:
    """Number of the first node, or of the value; not a number where there is none."""
    try:
        return float(value if isinstance(value, float) else text(value))
    except ValueError:
        return float("nan")


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII | re.DOTALL)


def like(_context: Any, value: Any, pattern: str) -> bool:
    """Whether the whole text has the form; a missing node has none."""
    return value != [] and _pattern(pattern).fullmatch(text(value)) is not None


def listed(_context: Any, value: Any, catalog: str) -> bool:
    """Whether the catalogue has the code."""
    return is_listed(catalog, text(value))


def apart(_context: Any, one: Any, other: Any, tolerance: float) -> bool:
    """Whether two amounts differ by more than ``tolerance``, or one isn't there."""
    difference = number(one) - number(other)
    return isnan(difference) or abs(difference) > tolerance + DIFFERENCE


def day(_context: Any, value: Any) -> float:
    """A date as a number that can be compared."""
    return number(text(value).replace("-", ""))


def scheme(_context: Any, code: Any, label: Any, type_code: Any) -> bool:
    """Whether code, name and international code belong to one tax of catalogue 05."""
    return (text(code), text(label), text(type_code)) in SCHEMES


def affectation(_context: Any, code: Any, tax: Any) -> bool:
    """Whether a line with this affectation (catalogue 07) may have this tax."""
    known = AFFECTATIONS.get(text(code))
    if known is None:
        return False
    return text(tax) == known.scheme or (known in ALSO_FREE and text(tax) == TaxScheme.FREE)


def mixed(_context: Any, percents: Any) -> bool:
    """Whether rates of IGV differ among themselves or aren't rates of the law."""
    rates = {number([percent]) for percent in percents}
    return bool(rates) and (len(rates) > 1 or not rates <= IGV_RATES)


KEYS: Final = tuple(
    etree.XPath(path, namespaces=NAMESPACES)
    for path in (
        "string(cbc:DocumentTypeCode)",
        "string(cbc:ID)",
        "string(sac:DocumentSerialID)",
        "number(sac:DocumentNumberID)",
        "string(cac:Status/cbc:ConditionCode)",
    )
)


def repeated(_context: Any, nodes: Any) -> bool:
    """Whether an earlier sibling names the same document."""
    node = nodes[0]
    key = _key(node)
    return any(_key(other) == key for other in node.itersiblings(node.tag, preceding=True))


def _key(node: etree._Element) -> str:
    return "|".join(str(path(node)) for path in KEYS)


FUNCTIONS: Final[Mapping[tuple[str, str], Callable[..., object]]] = {
    (PREFIX, function.__name__): function
    for function in (like, listed, apart, day, scheme, affectation, mixed, repeated)
}

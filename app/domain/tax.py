"""IGV: how much tax a price that includes it contains.

Codes are those of SUNAT's catalogue 07 (how IGV affects a line).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.domain.money import ZERO, to_cents

HUNDRED: Final = Decimal(100)
IGV: Final = Decimal(18)
"""IGV 16 % and municipal promotion tax 2 %, until the law says another."""
TAXED: Final = "10"
RATES: Final[Mapping[str, Decimal]] = {
    TAXED: IGV,
    "17": Decimal(4),  # IVAP on hulled rice, in place of IGV
    "20": ZERO,  # exonerated
    "30": ZERO,  # unaffected
    "40": ZERO,  # export
}


class UnknownTaxCodeError(LookupError):
    """The code isn't one of a sale for money (free transfers are not sold)."""


@dataclass(frozen=True, slots=True)
class TaxSplit:
    """``base + tax == total``, each to the céntimo; ``rate`` in percent."""

    total: Decimal
    base: Decimal
    tax: Decimal
    rate: Decimal


def tax_rate(tax_code: str, igv: Decimal = IGV) -> Decimal:
    """Percent that a code stands for; :class:`UnknownTaxCodeError` for codes of free transfers."""
    if tax_code == TAXED:
        return igv
    try:
        return RATES[tax_code]
    except KeyError:
        raise UnknownTaxCodeError(tax_code) from None


def split_tax(total: Decimal, tax_code: str, igv: Decimal = IGV) -> TaxSplit:
    """Split a line's total, which includes tax, into base and tax; ``igv`` in percent.

    The base is rounded half up and the tax is the rest, so nothing is lost or made.
    """
    rate = tax_rate(tax_code, igv)
    base = to_cents(total * HUNDRED / (HUNDRED + rate))
    return TaxSplit(total=total, base=base, tax=total - base, rate=rate)

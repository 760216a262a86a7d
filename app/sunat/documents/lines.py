"""What is sold: lines, their discounts and charges, and the taxes beside the IGV."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.domain.money import ZERO, to_cents
from app.sunat.catalogs import Affectation, ChargeCode, IscSystem, TaxScheme


@dataclass(frozen=True, slots=True)
class Charge:
    """A discount or charge of a line or of the document, by ``amount`` or by ``factor`` (0.05).

    Of a factor SUNAT takes five decimals, and so do we.
    ``code`` (catalogue 53) says which, and whether it changes the taxable base.
    """

    code: ChargeCode
    amount: Decimal = ZERO
    factor: Decimal | None = None

    def of(self, base: Decimal) -> Decimal:
        """The amount, to the cent: the factor of ``base`` if there is one."""
        return to_cents(self.amount if self.factor is None else base * round(self.factor, 5))


@dataclass(frozen=True, slots=True)
class Isc:
    """Selective consumption tax of a line.

    By value: ``rate`` in percent. Fixed amount: ``per_unit``. By retail price: ``rate`` of the
    ``retail_price`` per unit without its IGV.
    """

    system: IscSystem
    rate: Decimal = ZERO
    per_unit: Decimal = ZERO
    retail_price: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a document.

    Either ``unit_value``, without taxes, or ``unit_price``, with IGV or IVAP as shops show it; then
    the line's total is quantity times price to the cent and the tax is what the base leaves of it,
    and discounts of the line are with tax too. For a free line it is what the thing is worth.
    ``bag_tax`` is the ICBPER of one plastic bag, on a line that sells (or gives) bags.
    """

    description: str
    quantity: Decimal
    unit_value: Decimal | None = None
    unit_price: Decimal | None = None
    affectation: Affectation = Affectation.TAXED
    free: bool = False
    unit: str = "NIU"
    code: str = ""
    sunat_code: str = ""
    gtin: str = ""
    charges: tuple[Charge, ...] = ()
    isc: Isc | None = None
    bag_tax: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.unit_value is None) == (self.unit_price is None):
            raise ValueError("A line has either a unit value or a unit price")
        if self.isc and self.unit_price is not None:
            raise ValueError("A line with ISC is given by its unit value")

    @property
    def scheme(self) -> TaxScheme:
        """The tax that the line counts under; 9996 for what is given, whatever the reason."""
        return TaxScheme.FREE if self.free else self.affectation.scheme

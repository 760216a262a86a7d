"""What a receipt shows, already read and decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal("0.00")
SYMBOLS = {"PEN": "S/", "USD": "US$", "EUR": "€"}


@dataclass(frozen=True, slots=True)
class Business:
    """Who sells; ``ruc`` and ``address`` are empty while no issuing company is set up."""

    name: str
    ruc: str
    address: str


@dataclass(frozen=True, slots=True)
class TicketLine:
    """Prices include tax; ``total`` is after the ``discount``."""

    description: str
    sku: str
    quantity: int
    unit_price: Decimal
    total: Decimal
    discount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Ticket:
    """A sale in the business's zone (``sold_at``) and language; amounts in ``currency``.

    ``base + tax == total`` and ``total + cash_rounding == to_pay``, which ``tendered - change`` in
    cash and the ``payments`` (English name, amount) by other means pay together. ``footer`` is what
    the business says last. ``copy`` counts the copies; 0 is the original.
    """

    business: Business
    location: str
    address: str
    number: str
    sold_at: dt.datetime
    cashier: str
    currency: str
    lines: tuple[TicketLine, ...]
    base: Decimal
    tax: Decimal
    total: Decimal
    cash_rounding: Decimal
    to_pay: Decimal
    tendered: Decimal
    change: Decimal
    in_words: str
    language: str
    footer: str = ""
    customer: str = ""
    payments: tuple[tuple[str, Decimal], ...] = ()
    copy: int = 0

    @property
    def symbol(self) -> str:
        return SYMBOLS.get(self.currency, self.currency)

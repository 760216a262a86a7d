"""What a receipt shows, already read and decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

SYMBOLS = {"PEN": "S/", "USD": "US$", "EUR": "€"}


@dataclass(frozen=True, slots=True)
class Business:
    """Who sells; ``ruc`` and ``address`` are empty while no issuing company is set up."""

    name: str
    ruc: str
    address: str


@dataclass(frozen=True, slots=True)
class TicketLine:
    """Prices include tax."""

    description: str
    sku: str
    quantity: int
    unit_price: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True)
class Ticket:
    """A sale in the business's zone (``sold_at``) and language; amounts in ``currency``.

    ``base + tax == total`` and ``total + cash_rounding == to_pay == tendered - change``;
    ``tendered`` is zero when nothing was paid in cash. ``footer`` is what the business says last.
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

    @property
    def symbol(self) -> str:
        return SYMBOLS.get(self.currency, self.currency)

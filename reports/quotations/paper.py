"""What a quotation shows, already read and decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from reports.receipts.ticket import Business, TicketLine


@dataclass(frozen=True, slots=True)
class QuotationPaper:
    """What it shows, in the business's zone and language; ``prices_hold`` until the last day."""

    business: Business
    number: str
    location: str
    address: str
    made_at: dt.datetime
    valid_until: dt.date
    made_by: str
    customer: str
    lines: tuple[TicketLine, ...]
    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal
    in_words: str
    language: str
    prices_hold: bool = True
    currency: str = "PEN"

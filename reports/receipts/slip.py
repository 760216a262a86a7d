"""What the slip of a return shows, already read and decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from reports.receipts.ticket import Ticket


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """``amount`` was given back for all the pieces."""

    description: str
    sku: str
    quantity: int
    amount: Decimal
    restocked: bool


@dataclass(frozen=True, slots=True)
class ReturnSlip:
    """A return of (part of) ``sale``, in the business's zone and language.

    ``means`` (English name, amount, number of the operation) add up to ``amount``. ``kind`` is
    return, exchange or cancellation; of an exchange, ``exchanged_for`` is the number of the new
    sale. ``copy`` counts the copies, 0 is the original; ``prints`` all prints so far. ``note`` is
    the number of the nota de crédito that was issued.
    """

    sale: Ticket
    number: str
    kind: str
    order_id: int
    at: dt.datetime
    place: str
    person: str
    reason: str
    lines: tuple[ReturnLine, ...]
    amount: Decimal
    in_words: str
    means: tuple[tuple[str, Decimal, str], ...]
    points_given: int = 0
    points_taken: int = 0
    points_missing: int = 0
    exchanged_for: str = ""
    exchange_order_id: int | None = None
    copy: int = 0
    prints: int = 0
    note: str = ""

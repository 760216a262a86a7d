"""What a report of a till session shows, already added up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reports.receipts.ticket import Business

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class TenderSum:
    """What one means of payment brought, and what was given back by it (more than zero)."""

    method: str
    payments: int
    received: Decimal
    refunds: int
    refunded: Decimal

    @property
    def kept(self) -> Decimal:
        return self.received - self.refunded


@dataclass(frozen=True, slots=True)
class TaxSum:
    """Lines of one code of SUNAT's catalogue 07 and one rate in percent."""

    tax_code: str
    rate: Decimal
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class DocumentSum:
    """Documents of one type and series, with the first and the last number; ``total`` is below zero
    for credit notes."""

    document_type: str
    count: int
    total: Decimal
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class CashierSum:
    name: str
    count: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class CashMoved:
    """``amount`` is negative for cash taken out; ``at`` is in the business's zone."""

    at: dt.datetime
    amount: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class CashReport:
    """The sums of one session; times in the business's zone, amounts in soles, tax included.

    ``number`` is the Z report's; empty for an X report, which closes nothing. ``subtotal`` less
    ``discounts`` plus ``shipping`` and ``rounding`` is ``total``, what the orders of the session
    came to. ``counted`` and ``discrepancy`` are None until the till is counted. ``denominations``
    are (value, pieces). ``returned`` is the tax in goods that came back to this till, more than
    zero; what else was given back (delivery, rounding) is only in ``tenders``. ``notes_issued`` are
    the notas de crédito of those returns.
    """

    business: Business
    language: str
    location: str
    cashier: str
    session_id: int
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    made_at: dt.datetime
    sales: int
    pieces: int
    subtotal: Decimal
    discounts: Decimal
    shipping: Decimal
    rounding: Decimal
    total: Decimal
    tenders: tuple[TenderSum, ...]
    taxes: tuple[TaxSum, ...]
    documents: tuple[DocumentSum, ...]
    cashiers: tuple[CashierSum, ...]
    movements: tuple[CashMoved, ...]
    starting_cash: Decimal
    counted: Decimal | None = None
    denominations: tuple[tuple[Decimal, int], ...] = ()
    approved_by: str = ""
    decision_reason: str = ""
    notes: str = ""
    number: str = ""
    returned: tuple[TaxSum, ...] = ()
    notes_issued: tuple[DocumentSum, ...] = ()

    @property
    def average(self) -> Decimal:
        """Of a ticket, to the céntimo."""
        return (self.total / self.sales).quantize(CENT, ROUND_HALF_UP) if self.sales else ZERO

    @property
    def cash_received(self) -> Decimal:
        return sum((one.received for one in self.tenders if one.method == "cash"), ZERO)

    @property
    def cash_refunded(self) -> Decimal:
        return sum((one.refunded for one in self.tenders if one.method == "cash"), ZERO)

    @property
    def paid_in(self) -> Decimal:
        return sum((one.amount for one in self.movements if one.amount > 0), ZERO)

    @property
    def paid_out(self) -> Decimal:
        return -sum((one.amount for one in self.movements if one.amount < 0), ZERO)

    @property
    def expected(self) -> Decimal:
        """Cash that should be in the drawer."""
        kept = self.cash_received - self.cash_refunded
        return self.starting_cash + kept + self.paid_in - self.paid_out

    @property
    def discrepancy(self) -> Decimal | None:
        return None if self.counted is None else self.counted - self.expected

"""What the invoices of the year are about, before they are numbered and written."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from app.demo.amounts import BillLine, service_line, totals_of
from app.demo.clients import Client, Service
from app.demo.quotes import Offered
from app.demo.work import RATE, JobDone
from app.demo.world import World, at, new_uuid
from app.domain.money import ZERO

COUNTER_BILLS = 150
DRAFTS = 10


@dataclass
class Bill:
    """An invoice in the making; amounts of payments, refunds and credits are filled in later."""

    id: uuid.UUID
    client: Client
    day: dt.date
    due: dt.date
    lines: tuple[BillLine, ...]
    job: JobDone | None = None
    quote: Offered | None = None
    recurring_id: uuid.UUID | None = None
    number: str | None = None
    paid: Decimal = ZERO
    refunded: Decimal = ZERO
    credited: Decimal = ZERO
    payment_days: list[dt.date] = field(default_factory=list)
    is_draft: bool = False
    is_void: bool = False

    @property
    def total(self) -> Decimal:
        return totals_of(self.lines).total

    @property
    def kept(self) -> Decimal:
        """Payments less refunds."""
        return self.paid - self.refunded

    @property
    def open_amount(self) -> Decimal:
        return self.total - self.kept - self.credited

    def status(self, today: dt.date) -> str:
        """As the rules of the invoice table want it."""
        if self.is_draft:
            return "draft"
        if self.is_void:
            return "void"
        if self.open_amount <= 0:
            return "paid"
        if self.due < today:
            return "overdue"
        return "partially_paid" if self.kept or self.credited else "sent"


def new_bill(
    dice: random.Random, client: Client, day: dt.date, lines: tuple[BillLine, ...]
) -> Bill:
    due = day + dt.timedelta(days=client.terms[0])
    return Bill(new_uuid(dice, at(day, 12)), client, day, due, lines)


def plan_bills(
    world: World,
    jobs: list[JobDone],
    quotes: list[Offered],
    clients: list[Client],
    services: list[Service],
) -> list[Bill]:
    """Bills of finished jobs (with their quote and the time spent), and others without a job."""
    dice = world.dice("bills")
    by_deal = {quote.deal.id: quote for quote in quotes if quote.state == "accepted"}
    bills = [
        _bill_of_job(dice, job, by_deal.get(job.deal.id))
        for job in jobs
        if job.completed and job.due < world.today
    ]
    for _ in range(COUNTER_BILLS):
        client = dice.choice(clients)
        span = max((world.today - max(client.since, world.first_day)).days, 1)
        day = world.today - dt.timedelta(days=dice.randint(0, span - 1))
        lines = tuple(
            service_line(dice, service, dice.choice((1, 1, 2, 4)), dice.choice((0, 0, 5)))
            for service in dice.sample(services, dice.randint(1, 3))
        )
        bills.append(new_bill(dice, client, day, lines))
    for bill in sorted(bills, key=lambda one: (one.day, one.id))[-DRAFTS:]:
        bill.is_draft = bill.job is None
    return bills


def _bill_of_job(dice: random.Random, job: JobDone, quote: Offered | None) -> Bill:
    day = job.due + dt.timedelta(days=1)
    lines = [service_line(dice, *line) for line in job.deal.lines]
    approved = [entry for entry in job.entries if entry["is_approved"]]
    if approved:
        time = _time_line(dice, approved)
        lines.append(time)
        for entry in approved:
            entry["invoice_line_item_id"] = time.id
    bill = new_bill(dice, job.client, day, tuple(lines))
    bill.job, bill.quote = job, quote
    return bill


def _time_line(dice: random.Random, entries: list[dict[str, object]]) -> BillLine:
    minutes = sum(int(str(entry["duration_minutes"])) for entry in entries)
    return BillLine(
        uuid.UUID(int=dice.getrandbits(128), version=4),
        "Horas de trabajo",
        Decimal(minutes) / 60,
        RATE,
        unit="HUR",
        kind="time",
        time_entries=tuple(uuid.UUID(str(entry["id"])) for entry in entries),
    )

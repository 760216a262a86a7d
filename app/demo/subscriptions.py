"""Monthly services and the invoices they have made so far."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.demo.amounts import BillLine, service_line, totals_of
from app.demo.bills import Bill, new_bill
from app.demo.clients import Client, Service
from app.demo.world import World, at, new_uuid
from models.billing import (
    RecurringFrequency,
    RecurringInvoice,
    RecurringInvoiceHistory,
    RecurringInvoiceLineItem,
)

SUBSCRIPTIONS = 12
LONGEST_MONTHS = 9


@dataclass
class Subscription:
    id: uuid.UUID
    client: Client
    service: Service
    start: dt.date
    quantity: int
    bills: list[Bill] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.service.name} · {self.client.name}"


def plan_subscriptions(
    world: World, clients: list[Client], services: list[Service]
) -> list[Subscription]:
    """Some clients pay by the month; each month so far has its bill."""
    dice = world.dice("subscriptions")
    monthly = [service for service in services if service.kind == "subscription"]
    old = [client for client in clients if client.since <= _months_ago(world.today, LONGEST_MONTHS)]
    subscriptions = []
    for client in dice.sample(old, min(SUBSCRIPTIONS, len(old))):
        start = _months_ago(world.today, dice.randint(2, LONGEST_MONTHS))
        start = start.replace(day=dice.randint(1, 28))
        subscription = Subscription(
            new_uuid(dice, at(start, 9)), client, dice.choice(monthly), start, 1
        )
        if subscription.service.unit == "MTK":
            subscription.quantity = dice.choice((10, 20, 40))
        day = start
        while day <= world.today:
            subscription.bills.append(_bill(dice, subscription, day))
            day = _next_month(day)
        subscriptions.append(subscription)
    return subscriptions


def _bill(dice: random.Random, subscription: Subscription, day: dt.date) -> Bill:
    line: BillLine = service_line(dice, subscription.service, subscription.quantity)
    bill = new_bill(dice, subscription.client, day, (line,))
    bill.recurring_id = subscription.id
    return bill


def add_subscriptions(world: World, subscriptions: list[Subscription]) -> None:
    """Write the schedules; their invoices name them, so they come first."""
    monthly = world.lookup(RecurringFrequency)["Monthly"]
    world.bulk.add(RecurringInvoice, [_row(world, one, monthly) for one in subscriptions])
    world.bulk.add(
        RecurringInvoiceLineItem,
        [
            {
                "recurring_invoice_id": one.id,
                "product_id": one.service.id,
                "name": one.service.name,
                "quantity": one.quantity,
                "unit": one.service.unit,
                "unit_price": one.service.price,
                "tax_rate": Decimal(18),
                "sort_order": 1,
            }
            for one in subscriptions
        ],
    )


def add_history(world: World, subscriptions: list[Subscription]) -> None:
    """What became of each month; the invoices are there."""
    world.bulk.add(
        RecurringInvoiceHistory,
        [
            {
                "recurring_invoice_id": one.id,
                "generated_invoice_id": bill.id,
                "generation_date": bill.day,
                "billing_period_start": bill.day,
                "billing_period_end": _next_month(bill.day) - dt.timedelta(days=1),
                "amount": bill.total,
                "status": "sent",
                "created_at": world.past(at(bill.day, 6)),
            }
            for one in subscriptions
            for bill in one.bills
        ],
    )


def _row(world: World, one: Subscription, frequency: int) -> dict[str, Any]:
    totals, last = totals_of(one.bills[-1].lines), one.bills[-1].day
    made = at(one.start, 9)
    return {
        "id": one.id,
        "recurring_name": one.name,
        "customer_company_id": one.client.id,
        "customer_contact_id": one.client.contact_id,
        "billing_info_id": one.client.billing_id,
        "frequency_id": frequency,
        "start_date": one.start,
        "next_invoice_date": _next_month(last),
        "last_invoice_date": last,
        "invoices_generated": len(one.bills),
        "subtotal": totals.subtotal,
        "tax_amount": totals.tax,
        "total_amount": totals.total,
        "description": "Servicio mensual",
        "auto_send": True,
        "created_by": world.users["accountant"],
        "created_at": made,
        "updated_at": made,
    }


def _next_month(day: dt.date) -> dt.date:
    """The same day of the next month; days are 28 at most."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=day.day)


def _months_ago(day: dt.date, months: int) -> dt.date:
    """The first of a month some months back."""
    position = day.year * 12 + day.month - 1 - months
    return dt.date(position // 12, position % 12 + 1, 1)

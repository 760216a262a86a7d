"""Links to pay, and reminders of what is due."""

from __future__ import annotations

import datetime as dt
import hashlib

from app.demo.bills import Bill
from app.demo.world import World, at
from models.billing import PaymentLink, PaymentReminder
from models.messaging import EmailTemplate

LINKS = 25
OFFSETS = ((-3, "before_due"), (7, "after_due"))


def add_links_and_reminders(world: World, bills: list[Bill]) -> None:
    """Add them for the latest invoices that are still open."""
    unpaid = [bill for bill in bills if bill.number and not bill.is_void and bill.open_amount > 0]
    world.bulk.add(
        PaymentLink,
        [
            {
                "invoice_id": bill.id,
                "link_token": hashlib.sha256(f"demo {bill.id}".encode()).hexdigest(),
                "amount": bill.open_amount,
                "description": f"Pago de la factura {bill.number}",
                "expires_at": at(world.today + dt.timedelta(days=30), 23, 59),
                "max_usage_count": 1,
                "created_by": world.users["accountant"],
                "created_at": world.past(at(bill.day, 12)),
                "updated_at": world.past(at(bill.day, 12)),
            }
            for bill in unpaid[-LINKS:]
        ],
    )
    template = world.lookup(EmailTemplate)["Payment reminder"]
    rows = []
    for bill in unpaid:
        for days, kind in OFFSETS:
            when = at(bill.due + dt.timedelta(days=days), 8)
            if when < world.now - dt.timedelta(days=60):
                continue
            is_sent = when < world.now
            rows.append(
                {
                    "invoice_id": bill.id,
                    "reminder_type": kind,
                    "days_offset": days,
                    "email_template_id": template,
                    "is_sent": is_sent,
                    "scheduled_for": when,
                    "sent_at": when if is_sent else None,
                    "created_by": world.users["accountant"],
                    "created_at": world.past(at(bill.day, 12)),
                }
            )
    world.bulk.add(PaymentReminder, rows)

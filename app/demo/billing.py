"""Invoices with everything that hangs on them, in the order of their references."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.demo.amounts import tax_details, totals_of
from app.demo.bills import Bill, plan_bills
from app.demo.clients import Client, Service
from app.demo.payments import add_payments, plan_credits, plan_payments
from app.demo.quotes import Offered
from app.demo.reminders import add_links_and_reminders
from app.demo.subscriptions import add_history, add_subscriptions, plan_subscriptions
from app.demo.work import JobDone
from app.demo.world import World, at
from models.billing import Invoice, InvoiceLineItem, InvoiceTemplate, Quote

VOID = 3
NOTES = "Gracias por su preferencia."


def add_billing(
    world: World,
    jobs: list[JobDone],
    quotes: list[Offered],
    clients: list[Client],
    services: list[Service],
) -> list[Bill]:
    """Add invoices of jobs, subscriptions and others, with payments, refunds and credits."""
    subscriptions = plan_subscriptions(world, clients, services)
    bills = plan_bills(world, jobs, quotes, clients, services)
    bills += [bill for one in subscriptions for bill in one.bills]
    bills.sort(key=lambda bill: (bill.day, bill.id))
    for bill in [one for one in bills if one.job is None and one.recurring_id is None][:VOID]:
        bill.is_void = True
    for bill in bills:
        bill.number = None if bill.is_draft else world.numbered("FS", bill.day)
    receipts = plan_payments(world, bills)
    corrections = plan_credits(world, bills, receipts)
    add_subscriptions(world, subscriptions)
    template = world.lookup(InvoiceTemplate)["Classic invoice"]
    world.bulk.add(Invoice, [{**_row(world, bill), "template_id": template} for bill in bills])
    world.bulk.add(InvoiceLineItem, [row for bill in bills for row in _lines(world, bill)])
    _mark_quotes(world, bills)
    add_history(world, subscriptions)
    add_payments(world, receipts, corrections)
    add_links_and_reminders(world, bills)
    return bills


def _row(world: World, bill: Bill) -> dict[str, Any]:
    totals, made = totals_of(bill.lines), world.past(at(bill.day, 12))
    status = bill.status(world.today)
    is_seen = status in ("paid", "partially_paid") or (status == "sent" and bill.id.int % 2 == 0)
    sent = None if bill.is_draft else made
    voided = world.past(at(bill.day + dt.timedelta(days=1), 9)) if bill.is_void else None
    return {
        "id": bill.id,
        "invoice_number": bill.number,
        "reference_number": f"OC-{bill.id.int % 10000:04d}" if bill.job else None,
        "customer_company_id": bill.client.id,
        "customer_contact_id": bill.client.contact_id,
        "billing_info_id": bill.client.billing_id,
        "deal_id": bill.job.deal.id if bill.job else None,
        "job_id": bill.job.id if bill.job else None,
        "quote_id": bill.quote.id if bill.quote else None,
        "recurring_invoice_id": bill.recurring_id,
        "invoice_date": bill.day,
        "due_date": bill.due,
        "payment_terms_days": bill.client.terms[0],
        "payment_terms_label": bill.client.terms[1],
        "subtotal": totals.subtotal,
        "tax_details": tax_details(totals.subtotal, totals.tax),
        "total_tax_amount": totals.tax,
        "total_amount": totals.total,
        "paid_amount": bill.kept,
        "credits_applied": bill.credited,
        "status": "viewed" if status == "sent" and is_seen else status,
        "public_notes": NOTES,
        "email_sent": not bill.is_draft,
        "email_sent_at": sent,
        "viewed_by_customer": is_seen,
        "first_viewed_at": made if is_seen else None,
        "last_viewed_at": made if is_seen else None,
        "first_payment_date": min(bill.payment_days, default=None),
        "last_payment_date": max(bill.payment_days, default=None),
        "payment_count": len(bill.payment_days),
        "created_by": world.users["accountant"],
        "sent_by": None if bill.is_draft else world.users["accountant"],
        "voided_by": world.users["manager"] if bill.is_void else None,
        "voided_reason": "Emitida por error" if bill.is_void else None,
        "sent_at": sent,
        "voided_at": voided,
        "created_at": made,
        "updated_at": voided or made,
    }


def _lines(world: World, bill: Bill) -> list[dict[str, Any]]:
    made = world.past(at(bill.day, 12))
    return [
        {
            "id": line.id,
            "invoice_id": bill.id,
            "product_id": line.service,
            "item_type": line.kind,
            "name": line.name,
            "quantity": line.quantity,
            "unit": line.unit,
            "unit_price": line.price,
            "discount_type": "fixed" if line.discount else None,
            "discount_value": line.discount,
            "discount_amount": line.discount,
            "tax_details": tax_details(line.total, line.tax),
            "tax_amount": line.tax,
            "line_total": line.total,
            "time_entry_ids": list(line.time_entries),
            "sort_order": position,
            "created_at": made,
            "updated_at": made,
        }
        for position, line in enumerate(bill.lines, start=1)
    ]


def _mark_quotes(world: World, bills: list[Bill]) -> None:
    """Quotes and invoices point at each other, so this side comes when both are there."""
    billed = [
        {"quote": bill.quote.id, "invoice": bill.id, "moment": world.past(at(bill.day, 12))}
        for bill in bills
        if bill.quote
    ]
    quote = Quote.__table__
    world.bulk.session.execute(
        sa.update(quote)
        .where(quote.c.id == sa.bindparam("quote"))
        .values(
            converted_to_invoice=True,
            converted_invoice_id=sa.bindparam("invoice"),
            converted_at=sa.bindparam("moment"),
        ),
        billed,
    )

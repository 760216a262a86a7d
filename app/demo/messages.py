"""What people were told: notifications, e-mails, and customers in the portal."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.demo.bills import Bill
from app.demo.clients import Client
from app.demo.work import JobDone
from app.demo.world import World, at, new_uuid
from models.customers import Customer
from models.messaging import EmailLog, EmailTemplate, Notification
from models.portal import CustomerPortalAccess, CustomerPortalActivity
from models.sales import Order

PORTAL_CLIENTS = 20
EMAILS = 160
TOLD = 25


def add_messages(
    world: World, jobs: list[JobDone], bills: list[Bill], clients: list[Client]
) -> None:
    """Add what came of jobs and invoices, and the customers who look at them."""
    rows = [_job_assigned(world, job) for job in jobs[-TOLD:]]
    overdue = [bill for bill in bills if bill.status(world.today) == "overdue"]
    rows += [_overdue(world, bill) for bill in overdue[-TOLD:]]
    rows += _shipped(world)
    world.bulk.add(Notification, rows)
    sent = [bill for bill in bills if bill.number and not bill.is_void]
    _add_emails(world, sent[-EMAILS:])
    _add_portal(world, clients, bills)


def _notification(
    world: World, kind: str, key: str, when: dt.datetime, payload: dict[str, Any]
) -> dict[str, Any]:
    """Read after a day, so the latest are still unread."""
    moment = world.past(when)
    read = moment + dt.timedelta(days=1)
    return {
        "customer_id": None,
        "user_id": None,
        "notification_type": kind,
        "channel": "in_app",
        "status": "sent",
        "payload": payload,
        "template_id": kind,
        "event_key": f"demo:{kind}:{key}",
        "created_at": moment,
        "sent_at": moment,
        "read_at": read if read < world.now - dt.timedelta(days=2) else None,
    }


def _job_assigned(world: World, job: JobDone) -> dict[str, Any]:
    payload = {"number": job.number, "title": job.deal.name}
    when = at(job.deal.closed or job.start, 17)
    row = _notification(world, "job_assigned", str(job.id), when, payload)
    return {**row, "user_id": job.technician}


def _overdue(world: World, bill: Bill) -> dict[str, Any]:
    payload = {
        "number": bill.number,
        "customer": bill.client.name,
        "due_date": bill.due.isoformat(),
        "balance": str(bill.open_amount),
    }
    when = at(bill.due + dt.timedelta(days=1), 7)
    row = _notification(world, "invoice_overdue", str(bill.id), when, payload)
    return {**row, "user_id": world.users["accountant"]}


def _shipped(world: World) -> list[dict[str, Any]]:
    """Customers were told that their order is on its way."""
    found = world.bulk.session.execute(
        sa.select(Order.order_number, Customer.id, Customer.full_name, Order.created_at)
        .join(Customer, Customer.id == Order.customer_id)
        .where(Order.status.in_(["shipped", "delivered"]))
        .order_by(Order.id.desc())
        .limit(TOLD)
    )
    rows = []
    for number, customer, name, made in found:
        payload = {"number": number, "customer": name}
        row = _notification(world, "order_shipped", number, made + dt.timedelta(days=1), payload)
        rows.append({**row, "customer_id": customer, "channel": "whatsapp", "read_at": None})
    return rows


def _add_emails(world: World, bills: list[Bill]) -> None:
    dice, template = world.dice("emails"), world.lookup(EmailTemplate)["Invoice"]
    rows = []
    for bill in bills:
        sent = world.past(at(bill.day, 12, 5))
        rows.append(
            {
                "id": new_uuid(dice, sent),
                "to_email": bill.client.email,
                "to_name": bill.client.contact_name.replace("|", " "),
                "from_email": "ventas@demo.pe",
                "from_name": "Qhatu Demo",
                "subject": f"Factura {bill.number} de Qhatu Demo",
                "body_text": f"Adjuntamos la factura {bill.number}, que vence el {bill.due}.",
                "template_id": template,
                "invoice_id": bill.id,
                "contact_id": bill.client.contact_id,
                "event_key": f"demo:invoice:{bill.id}",
                "status": "delivered",
                "attempts": 1,
                "sent_at": sent,
                "delivered_at": sent,
                "has_attachments": True,
                "attachment_count": 1,
                "sent_by": world.users["accountant"],
                "created_at": sent,
                "updated_at": sent,
            }
        )
    world.bulk.add(EmailLog, rows)


def _add_portal(world: World, clients: list[Client], bills: list[Bill]) -> None:
    dice = world.dice("portal")
    chosen = dice.sample(clients, PORTAL_CLIENTS)
    keys = {client.id: new_uuid(dice, at(client.since, 12)) for client in chosen}
    world.bulk.add(
        CustomerPortalAccess,
        [
            {
                "id": keys[client.id],
                "customer_company_id": client.id,
                "customer_contact_id": client.contact_id,
                "email": f"{number}.{client.email}",
                "email_verified": True,
                "last_login_at": world.now - dt.timedelta(days=dice.randint(1, 40)),
                "login_count": dice.randint(1, 20),
                "created_by": world.users["accountant"],
            }
            for number, client in enumerate(chosen, start=1)
        ],
    )
    world.bulk.add(
        CustomerPortalActivity,
        [
            {
                "portal_access_id": keys[bill.client.id],
                "activity_type": "view_invoice",
                "invoice_id": bill.id,
                "description": f"Factura {bill.number}",
                "ip_address": "203.0.113.10",
                "created_at": world.past(at(bill.day + dt.timedelta(days=1), 9)),
            }
            for bill in bills
            if bill.client.id in keys and bill.number
        ],
    )

"""Customers are told by e-mail how their order gets on."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.services.messaging.notification_texts import read_templates
from app.services.messaging.queue_email import QueueEmail, queue_email
from app.services.platform.read_setting import read_setting
from models.customers import Customer
from models.sales import Order

EMAIL = "email"
TOLD = frozenset({"order_confirmed", "order_paid", "order_shipped", "order_delivered"})
"""Events that customers are told of, where the template of the event is in use."""
OVER_THE_COUNTER = "pos"


def tell_customer(order: Order, event: str, *, actor: Actor, now: dt.datetime) -> None:
    """Queue the e-mail of the event, once, to the customer of an order from elsewhere than the
    till; nothing where there is no address or no template. Part of the caller's transaction."""
    if event not in TOLD or order.channel == OVER_THE_COUNTER or order.customer_id is None:
        return
    row = Customer
    found = (
        session()
        .execute(sa.select(row.full_name, row.email).where(row.id == order.customer_id))
        .one_or_none()
    )
    if found is None or not found.email:
        return
    language = read_setting("company.language")
    template = read_templates([event], EMAIL, [language]).get((event, language))
    if template is None:
        return
    text = template.fill(
        {
            "customer": found.full_name,
            "number": order.order_number,
            "total": f"S/ {order.grand_total}",
            "address": order.delivery_address or "",
            "business": read_setting("company.name"),
        }
    )
    mail = QueueEmail(
        event_key=f"{event}:{order.id}",
        to_email=found.email,
        to_name=found.full_name,
        subject=" ".join(text.subject.split()),
        text=text.body,
    )
    queue_email(mail, actor=actor, now=now)

"""Offers to customers, in every state from draft to accepted."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass
from typing import Any

from app.demo.amounts import BillLine, service_line, totals_of
from app.demo.clients import Client
from app.demo.pipeline import WorkToDo
from app.demo.world import World, at, new_uuid
from models.billing import InvoiceTemplate, Quote, QuoteLineItem, QuoteStatus

VALID_DAYS = 15
QUOTED = ("Proposal sent", "Negotiation", "Won", "Lost", "Discovery")
TERMS = "Precios en soles. Garantía de tres meses por mano de obra."


@dataclass(frozen=True, slots=True)
class Offered:
    """A quote as its invoice needs it."""

    id: uuid.UUID
    deal: WorkToDo
    state: str
    lines: tuple[BillLine, ...]

    @property
    def client(self) -> Client:
        return self.deal.client


def add_quotes(world: World, deals: list[WorkToDo]) -> list[Offered]:
    """Add a quote for every deal that came so far."""
    dice = world.dice("quotes")
    statuses = world.lookup(QuoteStatus, key="code")
    template = world.lookup(InvoiceTemplate)["Quote"]
    quotes, rows, lines = [], [], []
    for deal in deals:
        if deal.stage not in QUOTED:
            continue
        day = min(deal.opened + dt.timedelta(days=2), world.today)
        state = _state(world, dice, deal, day)
        quote = Offered(
            new_uuid(dice, at(day, 11)),
            deal,
            state,
            tuple(service_line(dice, *line) for line in deal.lines),
        )
        quotes.append(quote)
        row = _row(world, quote, day)
        rows.append({**row, "status_id": statuses[state], "template_id": template})
        lines += _lines(quote)
    world.bulk.add(Quote, rows)
    world.bulk.add(QuoteLineItem, lines)
    return quotes


def _state(world: World, dice: random.Random, deal: WorkToDo, day: dt.date) -> str:
    if deal.stage == "Won":
        return "accepted"
    if deal.stage == "Lost":
        return dice.choice(("rejected", "expired"))
    if deal.stage == "Discovery":
        return "draft"
    if day + dt.timedelta(days=VALID_DAYS) < world.today:
        return "expired"
    return dice.choice(("sent", "viewed"))


def _row(world: World, quote: Offered, day: dt.date) -> dict[str, Any]:
    totals, sent = totals_of(quote.lines), quote.state != "draft"
    until, is_signed = day + dt.timedelta(days=VALID_DAYS), quote.state == "accepted"
    first, last = quote.client.contact_name.split("|")
    made = world.past(at(day, 11))
    signed = world.past(at(quote.deal.closed or day, 15)) if is_signed else None
    return {
        "id": quote.id,
        "quote_number": world.numbered("COT", day),
        "title": quote.deal.name,
        "customer_company_id": quote.client.id,
        "customer_contact_id": quote.client.contact_id,
        "deal_id": quote.deal.id,
        "quote_date": day,
        "valid_until": until,
        "expiry_date": until,
        "subtotal": totals.subtotal,
        "discount_amount": totals.discount,
        "tax_amount": totals.tax,
        "total_amount": totals.total,
        "terms_and_conditions": TERMS,
        "scope_of_work": "Mano de obra y materiales descritos en cada línea.",
        "exclusions": "Obra civil y permisos municipales.",
        "payment_schedule": "50 % al aceptar y 50 % al terminar.",
        "sent_to_customer": sent,
        "viewed_by_customer": quote.state in ("viewed", "accepted", "rejected"),
        "customer_signature": {"kind": "typed", "name": f"{first} {last}"} if is_signed else None,
        "signed_at": signed,
        "signed_by_name": f"{first} {last}" if is_signed else None,
        "signed_by_email": quote.client.email if is_signed else None,
        "created_by": quote.client.owner,
        "sent_by": quote.client.owner if sent else None,
        "sent_at": made if sent else None,
        "created_at": made,
        "updated_at": signed or made,
    }


def _lines(quote: Offered) -> list[dict[str, Any]]:
    return [
        {
            "id": line.id,
            "quote_id": quote.id,
            "product_id": line.service,
            "item_type": line.kind,
            "name": line.name,
            "quantity": line.quantity,
            "unit": line.unit,
            "unit_price": line.price,
            "discount_amount": line.discount,
            "tax_amount": line.tax,
            "line_total": line.total,
            "sort_order": position,
        }
        for position, line in enumerate(quote.lines, start=1)
    ]

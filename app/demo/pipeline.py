"""Leads, deals with what is offered in them, and the calls and meetings about them."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.demo.clients import Client, Service
from app.demo.world import World, at, new_uuid
from app.domain.money import to_cents
from models.crm import (
    Activity,
    ActivityType,
    Deal,
    DealProduct,
    DealStage,
    DealType,
    Lead,
    LeadSource,
    LeadStatus,
)

DEALS, LEADS, ACTIVITIES = 180, 140, 900
CONVERTED = 60
STAGES = (
    ("Prospect", 10, 18), ("Discovery", 25, 16), ("Proposal sent", 50, 16),
    ("Negotiation", 75, 10), ("Won", 100, 28), ("Lost", 0, 12),
)  # fmt: skip
SOURCES = ("Website", "Referral", "Social media", "WhatsApp", "Shop visit", "Cold outreach")
TOPICS = [
    "Mantenimiento de locales",
    "Cámaras de seguridad",
    "Facturación electrónica",
    "Soporte técnico mensual",
    "Equipamiento de tienda",
    "Capacitación del personal",
    "Instalaciones eléctricas",
    "Reparto urbano",
]
TYPES = ("New customer", "Upsell", "Renewal", "One-off project", "Tender")
LOST = ("Precio más alto que la competencia", "Postergó el proyecto", "Eligió a otro proveedor")
SUBJECTS = {
    "Call": "Llamada de seguimiento",
    "Meeting": "Reunión de avance",
    "E-mail": "Envío de información",
    "WhatsApp message": "Coordinación por WhatsApp",
    "Visit": "Visita al local",
    "Demonstration": "Demostración del servicio",
}
OUTCOMES = ("completed", "interested", "no_answer", "rescheduled", "left_message")


@dataclass(frozen=True, slots=True)
class WorkToDo:
    """A deal: what later jobs, quotes and invoices are about."""

    id: uuid.UUID
    name: str
    client: Client
    lines: tuple[tuple[Service, int, int], ...]  # service, quantity, percent off
    stage: str
    opened: dt.date
    closed: dt.date | None


def line_total(service: Service, quantity: int, percent: int) -> Decimal:
    """As the generated column of deal_products computes it."""
    return to_cents(quantity * service.price * (1 - Decimal(percent) / 100))


def add_pipeline(world: World, clients: list[Client], services: list[Service]) -> list[WorkToDo]:
    """Add deals, leads (some of which became deals) and activities."""
    dice = world.dice("pipeline")
    deals = [_deal(world, dice, clients, services) for _ in range(DEALS)]
    deals.sort(key=lambda deal: (deal.opened, deal.id))
    stages, types = world.lookup(DealStage), world.lookup(DealType)
    world.bulk.add(Deal, [_deal_row(world, dice, deal, stages, types) for deal in deals])
    world.bulk.add(
        DealProduct,
        [
            {
                "deal_id": deal.id,
                "product_id": service.id,
                "quantity": quantity,
                "unit_price": service.price,
                "discount_percent": percent,
            }
            for deal in deals
            for service, quantity, percent in deal.lines
        ],
    )
    _add_leads(world, dice, clients, deals)
    _add_activities(world, dice, clients, deals)
    return deals


def _deal(
    world: World, dice: random.Random, clients: list[Client], services: list[Service]
) -> WorkToDo:
    client = dice.choice(clients)
    stage = dice.choices([name for name, _, _ in STAGES], [share for *_, share in STAGES])[0]
    first = max(client.since, world.first_day)
    span = max((world.today - first).days - 2, 1)
    opened = first + dt.timedelta(days=dice.randint(0, span))
    is_closed = stage in ("Won", "Lost")
    if not is_closed:
        opened = max(opened, world.today - dt.timedelta(days=dice.randint(3, 90)))
    closed = min(opened + dt.timedelta(days=dice.randint(5, 45)), world.today)
    lines = tuple(
        (service, dice.choice((1, 1, 2, 3, 5)), dice.choice((0, 0, 0, 5, 10)))
        for service in dice.sample(services, dice.randint(1, 3))
    )
    return WorkToDo(
        new_uuid(dice, at(opened, 10)),
        f"{lines[0][0].name} · {client.name}",
        client,
        lines,
        stage,
        opened,
        closed if is_closed else None,
    )


def _deal_row(
    world: World, dice: random.Random, deal: WorkToDo, stages: Any, types: Any
) -> dict[str, Any]:
    moment = world.past(at(deal.closed, 16)) if deal.closed else None
    opened = at(deal.opened, 10)
    last = moment or world.now - dt.timedelta(days=dice.randint(0, 20))
    return {
        "id": deal.id,
        "name": deal.name,
        "company_id": deal.client.id,
        "contact_id": deal.client.contact_id,
        "owner_id": deal.client.owner,
        "stage_id": stages[deal.stage],
        "stage_changed_at": max(last, opened),
        "type_id": types[dice.choice(TYPES)],
        "amount": sum((line_total(*line) for line in deal.lines), Decimal(0)),
        "probability": {name: chance for name, chance, _ in STAGES}[deal.stage],
        "expected_close_date": deal.closed
        or world.today + dt.timedelta(days=dice.randint(-10, 60)),
        "actual_close_date": deal.closed,
        "requirements": "Atención en horario de oficina y garantía de tres meses.",
        "next_steps": None if deal.closed else "Llamar para confirmar alcance y fecha.",
        "is_won": deal.stage == "Won",
        "lost_reason": dice.choice(LOST) if deal.stage == "Lost" else None,
        "closed_at": moment,
        "last_activity_at": max(last, opened),
        "created_at": opened,
        "updated_at": max(last, opened),
    }


def _add_leads(
    world: World, dice: random.Random, clients: list[Client], deals: list[WorkToDo]
) -> None:
    statuses, sources = world.lookup(LeadStatus), world.lookup(LeadSource)
    rows, conversions = [], []
    open_statuses = ("New", "Contacted", "Qualified", "Nurturing", "Disqualified")
    for number in range(LEADS):
        deal = deals[number] if number < CONVERTED else None
        client = deal.client if deal else dice.choice(clients)
        day = world.today - dt.timedelta(days=dice.randint(0, 120))
        made = at(deal.opened - dt.timedelta(days=4), 9) if deal else world.past(at(day, 9))
        status = "Converted" if deal else dice.choice(open_statuses)
        key = new_uuid(dice, made)
        if deal:
            conversions.append({"lead": key, "deal": deal.id, "moment": at(deal.opened, 10)})
        topic = dice.choice(TOPICS)
        rows.append(
            {
                "id": key,
                "title": f"{topic} · {client.name}",
                "contact_id": client.contact_id,
                "status_id": statuses[status],
                "source_id": sources[dice.choice(SOURCES)],
                "owner_id": client.owner,
                "description": f"Interés en {topic.lower()}.",
                "estimated_value": dice.randint(5, 150) * 100,
                "probability": dice.choice((10, 20, 40, 60)),
                "expected_close_date": made.date() + dt.timedelta(days=dice.randint(15, 90)),
                "lead_score": dice.randint(5, 90),
                "temperature": dice.choice(("cold", "warm", "hot")),
                "budget_range": dice.choice((None, "1 000 a 5 000", "5 000 a 10 000")),
                "decision_timeframe": dice.choice((None, "Este mes", "En tres meses")),
                "last_activity_at": made,
                "created_at": made,
                "updated_at": made,
            }
        )
    world.bulk.add(Lead, rows)
    _convert_leads(world, conversions)


def _convert_leads(world: World, conversions: list[dict[str, Any]]) -> None:
    """Leads and deals point at each other, so this comes when both are there."""
    lead, deal = Lead.__table__, Deal.__table__
    world.bulk.session.execute(
        sa.update(lead)
        .where(lead.c.id == sa.bindparam("lead"))
        .values(converted_to_deal_id=sa.bindparam("deal"), converted_at=sa.bindparam("moment")),
        conversions,
    )
    world.bulk.session.execute(
        sa.update(deal)
        .where(deal.c.id == sa.bindparam("deal"))
        .values(lead_id=sa.bindparam("lead")),
        [{"lead": one["lead"], "deal": one["deal"]} for one in conversions],
    )


def _add_activities(
    world: World, dice: random.Random, clients: list[Client], deals: list[WorkToDo]
) -> None:
    types, rows = world.lookup(ActivityType), []
    for _ in range(ACTIVITIES):
        deal = dice.choice(deals) if dice.random() < 0.6 else None  # noqa: PLR2004 - most of them
        client = deal.client if deal else dice.choice(clients)
        day = world.today - dt.timedelta(days=int(dice.random() ** 2 * 300) - 4)
        start = at(day, dice.randint(9, 17), dice.choice((0, 15, 30, 45)))
        minutes, kind = dice.choice((10, 15, 30, 45, 60)), dice.choice(list(SUBJECTS))
        is_past = start < world.now
        rows.append(
            {
                "id": new_uuid(dice, start),
                "type_id": types[kind],
                "user_id": client.owner,
                "subject": f"{SUBJECTS[kind]} · {client.name}",
                "description": "Se conversó sobre alcance, plazos y condiciones de pago.",
                "start_time": start,
                "end_time": start + dt.timedelta(minutes=minutes),
                "duration_minutes": minutes,
                "direction": dice.choice(("inbound", "outbound")),
                "outcome": dice.choice(OUTCOMES) if is_past else None,
                "contact_id": client.contact_id,
                "company_id": client.id,
                "deal_id": deal.id if deal else None,
                "created_at": world.past(start),
                "updated_at": world.past(start),
            }
        )
    world.bulk.add(Activity, rows)

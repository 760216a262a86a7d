"""What people spend for the business, on the way from draft to reimbursed."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from app.demo.work import JobDone
from app.demo.world import World, at, new_uuid
from app.domain.money import to_cents
from models.expenses import Expense, ExpenseCategory

EXPENSES = 260
# category, what, vendor, lowest and highest amount, taxed
KINDS = (
    ("Taxis and fares", "Taxi a cliente", "Taxi Seguro", 12, 60, False),
    ("Fuel", "Combustible de la camioneta", "Grifo Los Andes", 80, 250, True),
    ("Travel", "Viáticos a provincia", "Hotel Wayra", 150, 600, True),
    ("Materials", "Cable y conectores", "Ferretería Kuntur", 60, 900, True),
    ("Utilities", "Recibo de luz", "Electro Costa", 300, 1200, True),
    ("Rent", "Alquiler del local", "Inmobiliaria Pacha", 3500, 3500, True),
    ("Office supplies", "Útiles de oficina", "Librería Yachay", 30, 200, True),
    ("Software and subscriptions", "Suscripción mensual", "Nube Andina", 90, 400, True),
    ("Marketing and advertising", "Anuncios en redes", "Agencia Chaski", 150, 800, True),
    ("Upkeep and cleaning", "Limpieza del local", "Limpieza Total", 120, 350, True),
    ("Entertainment", "Almuerzo con cliente", "Restaurante Mishki", 60, 220, True),
)
SPENDERS = ("technician", "technician2", "technician3", "seller", "seller2", "manager", "warehouse")
DECIDED = ("approved", "rejected")
REJECTED = "El comprobante no está a nombre de la empresa"


def add_expenses(world: World, jobs: list[JobDone]) -> None:
    """Add the expenses of the year; materials are billable to the job they were for."""
    dice, categories = world.dice("spending"), world.lookup(ExpenseCategory)
    days = sorted(world.today - dt.timedelta(days=dice.randint(0, 360)) for _ in range(EXPENSES))
    started = [job for job in jobs if job.start <= world.today]
    world.bulk.add(Expense, [_expense(world, dice, day, categories, started) for day in days])


def _expense(
    world: World, dice: random.Random, day: dt.date, categories: Any, jobs: list[JobDone]
) -> dict[str, Any]:
    category, what, vendor, low, high, is_taxed = dice.choice(KINDS)
    amount = to_cents(Decimal(dice.randint(low * 100, high * 100)) / 100)
    status = _status(world, dice, day)
    made = world.past(at(day, 18))
    decided = world.past(at(day + dt.timedelta(days=2), 10)) if status in DECIDED else None
    is_paid = status == "approved" and (world.today - day).days > 14  # noqa: PLR2004 - fortnightly
    job = dice.choice(jobs) if category == "Materials" and jobs else None
    return {
        "id": new_uuid(dice, made),
        "expense_number": None if status == "draft" else world.numbered("GAS", day),
        "category_id": categories[category],
        "amount": amount,
        "expense_date": day,
        "description": what,
        "reference_number": f"F{dice.randint(1, 9):03d}-{dice.randint(100, 99999)}",
        "vendor_name": vendor,
        "tax_amount": amount - to_cents(amount / Decimal("1.18")) if is_taxed else Decimal(0),
        "is_billable_to_client": job is not None,
        "client_company_id": job.client.id if job else None,
        "job_id": job.id if job else None,
        "markup_percentage": 10 if job else 0,
        "payment_method": dice.choice(("cash", "personal_card", "company_card", "bank_transfer")),
        "payment_status": "reimbursed" if is_paid else "unpaid",
        "paid_date": day + dt.timedelta(days=14) if is_paid else None,
        "status": status,
        "submitted_by": world.users[dice.choice(SPENDERS)],
        "approved_by": world.users["manager"] if decided else None,
        "approved_at": decided,
        "rejection_reason": REJECTED if status == "rejected" else None,
        "created_at": made,
        "updated_at": decided or made,
    }


def _status(world: World, dice: random.Random, day: dt.date) -> str:
    if (world.today - day).days < 6:  # noqa: PLR2004 - the latest are still under way
        return dice.choice(("draft", "submitted", "submitted", "manager_review"))
    return "rejected" if dice.random() < 0.05 else "approved"  # noqa: PLR2004 - few are refused

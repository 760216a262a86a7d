"""Companies that buy services, who works there, and what is offered to them."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.demo import names
from app.demo.customers import business_name
from app.demo.identity_numbers import FreshNumbers
from app.demo.people import SELLERS
from app.demo.world import DAYS, World, at, new_uuid
from models.billing import CustomerBillingInfo
from models.crm import Company, Contact, ContactTag, Tag
from models.services import ServiceCategory, ServiceProduct

COMPANIES = 200
INDUSTRIES = [
    "Comercio minorista",
    "Construcción",
    "Educación",
    "Salud",
    "Hotelería y turismo",
    "Agroindustria",
    "Minería",
    "Transporte y logística",
    "Textil y confecciones",
    "Restaurantes",
    "Servicios profesionales",
    "Manufactura",
]
SIZES = (("micro", 2, 10), ("small", 11, 50), ("medium", 51, 200), ("large", 201, 900))
TITLES = [
    "Gerente general",
    "Administradora",
    "Jefe de compras",
    "Jefa de sistemas",
    "Contador",
    "Jefe de operaciones",
    "Asistente administrativa",
    "Jefa de logística",
]
TAGS = ("Decision maker", "Influencer", "Payments and invoices", "Technical contact", "VIP")
TERMS = ((0, "Al contado"), (15, "15 días"), (30, "30 días"), (45, "45 días"))

# category, name, price before tax, hours, unit (SUNAT catalogue 03), kind
SERVICES: tuple[tuple[str, str, int, int, str, str], ...] = (
    ("Installation", "Instalación de cámaras de seguridad (4)", 1450, 12, "ZZ", "fixed_price"),
    ("Installation", "Instalación de punto de red", 120, 1, "ZZ", "fixed_price"),
    ("Installation", "Instalación de aire acondicionado", 680, 6, "ZZ", "fixed_price"),
    ("Installation", "Montaje de góndolas y vitrinas", 950, 10, "ZZ", "fixed_price"),
    ("Installation", "Puesta en marcha de punto de venta", 750, 6, "ZZ", "fixed_price"),
    ("Preventive maintenance", "Mantenimiento preventivo de equipos", 380, 4, "ZZ", "fixed_price"),
    ("Preventive maintenance", "Mantenimiento de tablero eléctrico", 520, 5, "ZZ", "fixed_price"),
    ("Preventive maintenance", "Limpieza de aire acondicionado", 180, 2, "ZZ", "fixed_price"),
    ("Corrective maintenance", "Cambio de luminarias", 290, 3, "ZZ", "fixed_price"),
    ("Repair", "Reparación de cámara frigorífica", 890, 8, "ZZ", "fixed_price"),
    ("Repair", "Reparación de computadora", 150, 2, "ZZ", "fixed_price"),
    ("Repair", "Diagnóstico de avería", 90, 1, "ZZ", "fixed_price"),
    ("Remote support", "Soporte remoto mensual", 450, 8, "ZZ", "subscription"),
    ("Remote support", "Hora de soporte remoto", 70, 1, "HUR", "time_and_materials"),
    ("On-site support", "Hora de técnico en el lugar", 95, 1, "HUR", "time_and_materials"),
    ("On-site support", "Plan de soporte integral mensual", 1200, 20, "ZZ", "subscription"),
    ("Consulting", "Consultoría de procesos", 180, 1, "HUR", "time_and_materials"),
    ("Consulting", "Diagnóstico de seguridad eléctrica", 1350, 12, "ZZ", "fixed_price"),
    ("Consulting", "Implementación de facturación electrónica", 2400, 24, "ZZ", "fixed_price"),
    ("Training", "Taller de atención al cliente", 1100, 8, "ZZ", "fixed_price"),
    ("Training", "Capacitación en punto de venta", 320, 4, "ZZ", "fixed_price"),
    ("Training", "Curso de seguridad en el trabajo", 980, 8, "ZZ", "fixed_price"),
    ("Logistics", "Reparto urbano por viaje", 85, 2, "ZZ", "fixed_price"),
    ("Logistics", "Almacenaje mensual por metro cuadrado", 28, 0, "MTK", "subscription"),
)
RATE_OF_COST = Decimal("0.55")


@dataclass(frozen=True, slots=True)
class Service:
    id: uuid.UUID
    name: str
    price: Decimal
    hours: int
    unit: str
    kind: str


@dataclass(frozen=True, slots=True)
class Client:
    """A company with whoever decides there; ``terms`` is days to pay and how that is printed."""

    id: uuid.UUID
    name: str
    ruc: str
    contact_id: uuid.UUID
    contact_name: str
    email: str
    owner: int
    since: dt.date
    terms: tuple[int, str]
    billing_id: uuid.UUID


def add_services(world: World) -> list[Service]:
    """Add the service catalog."""
    dice, categories = world.dice("services"), world.lookup(ServiceCategory)
    made = at(world.first_day - dt.timedelta(days=60), 9)
    services, rows = [], []
    for number, (category, name, price, hours, unit, kind) in enumerate(SERVICES, start=1):
        service = Service(new_uuid(dice, made), name, Decimal(price), hours, unit, kind)
        services.append(service)
        rows.append(
            {
                "id": service.id,
                "name": name,
                "code": f"SRV-{number:03d}",
                "description": f"{name}, en Lima y Callao.",
                "category_id": categories[category],
                "unit_price": price,
                "cost_price": price * RATE_OF_COST,
                "service_type": kind,
                "billing_cycle": {"subscription": "monthly", "time_and_materials": "hourly"}.get(
                    kind, "one_time"
                ),
                "estimated_hours": hours or None,
                "required_skills": ["electricidad"] if "eléctric" in name else [],
                "complexity_level": dice.randint(1, 4),
                "created_at": made,
                "updated_at": made,
            }
        )
    world.bulk.add(ServiceProduct, rows)
    return services


def add_clients(world: World) -> list[Client]:
    """Add companies with contacts, tags and billing details."""
    dice = world.dice("clients")
    numbers = FreshNumbers(dice, set())
    rows: dict[type[Any], list[dict[str, Any]]] = {
        Company: [], Contact: [], ContactTag: [], CustomerBillingInfo: []
    }  # fmt: skip
    tags = world.lookup(Tag)
    clients = []
    for _ in range(COMPANIES):
        client = _client(world, dice, numbers)
        clients.append(client)
        rows[Company].append(_company(dice, client))
        rows[CustomerBillingInfo].append(_billing(client, rows[Company][-1]))
        for position in range(dice.choices((1, 2, 3), (45, 40, 15))[0]):
            contact = _contact(world, dice, client, main=position == 0)
            rows[Contact].append(contact)
            rows[ContactTag].append(
                {
                    "contact_id": contact["id"],
                    "tag_id": tags[TAGS[0] if position == 0 else dice.choice(TAGS[1:])],
                }
            )
    for model, made in rows.items():
        world.bulk.add(model, made)
    return clients


def _client(world: World, dice: random.Random, numbers: FreshNumbers) -> Client:
    since = world.first_day - dt.timedelta(days=dice.randint(-DAYS + 20, 400))
    moment = at(since, 10, dice.randint(0, 59))
    name, ruc = business_name(dice), numbers.ruc_of_company()
    first, last, _gender = names.person(dice)
    mailbox = names.plain(f"{first.split()[0]} {last.split()[0]}").replace("-", ".")
    return Client(
        id=new_uuid(dice, moment),
        name=name,
        ruc=ruc,
        contact_id=new_uuid(dice, moment),
        contact_name=f"{first}|{last}",
        email=f"{mailbox}@{names.plain(name.rsplit(' ', 1)[0])}.example.com",
        owner=world.users[dice.choice(SELLERS)],
        since=since,
        terms=dice.choice(TERMS),
        billing_id=new_uuid(dice, moment),
    )


def _company(dice: random.Random, client: Client) -> dict[str, Any]:
    size, low, high = dice.choices(SIZES, (30, 40, 22, 8))[0]
    district, city, postal = dice.choice(names.DISTRICTS)
    domain = client.email.split("@")[1]
    employees = dice.randint(low, high)
    return {
        "id": client.id,
        "name": client.name,
        "industry": dice.choice(INDUSTRIES),
        "website": f"https://www.{domain}",
        "phone": f"+51 1 {dice.randint(200, 799)} {dice.randint(1000, 9999)}",
        "email": f"contacto@{domain}",
        "description": f"RUC {client.ruc}",
        "employees_count": employees,
        "annual_revenue": employees * dice.randint(40, 120) * 1000,
        "company_size": size,
        "owner_id": client.owner,
        "address_line_1": names.street_address(dice),
        "city": district,
        "state": city,
        "postal_code": postal,
        "created_at": at(client.since, 10),
        "updated_at": at(client.since, 10),
    }


def _contact(world: World, dice: random.Random, client: Client, *, main: bool) -> dict[str, Any]:
    first, last = client.contact_name.split("|")
    if not main:
        first, last, _gender = names.person(dice)
    mailbox = names.plain(f"{first.split()[0]} {last.split()[0]}").replace("-", ".")
    made = at(client.since, 10, 30)
    return {
        "id": client.contact_id if main else new_uuid(dice, made),
        "first_name": first,
        "last_name": last,
        "email": f"{mailbox}@{client.email.split('@')[1]}",
        "phone": None,
        "mobile": names.mobile(dice),
        "job_title": dice.choice(TITLES),
        "company_id": client.id,
        "owner_id": client.owner,
        "preferred_contact_method": dice.choice(("email", "phone", "whatsapp", "mobile")),
        "lead_source": dice.choice(("Recomendación", "Sitio web", "Feria")),
        "last_contacted_at": world.now - dt.timedelta(days=dice.randint(1, 90)),
        "created_at": made,
        "updated_at": made,
    }


def _billing(client: Client, company: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": client.billing_id,
        "customer_company_id": client.id,
        "customer_contact_id": client.contact_id,
        "billing_address_line_1": company["address_line_1"],
        "billing_city": company["city"],
        "billing_state": company["state"],
        "billing_postal_code": company["postal_code"],
        "payment_terms_days": client.terms[0],
        "payment_terms_label": client.terms[1],
        "preferred_payment_method": "transfer",
        "credit_limit": 20000,
        "tax_id": client.ruc,
        "default_tax_rate": 18,
        "created_at": company["created_at"],
        "updated_at": company["created_at"],
    }

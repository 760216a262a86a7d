"""What colleagues say about records, whom that concerns, and what they keep at hand."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from app.demo.bills import Bill
from app.demo.people import PEOPLE
from app.demo.pipeline import WorkToDo
from app.demo.work import JobDone
from app.demo.world import World
from models.workspace import Comment, Favourite, Follower, SavedView

TALKED_ABOUT = 20
"""Records of each kind, the latest."""
SAID = {
    "crm.deals": (
        ("seller", "Hablé con el cliente: pide la propuesta por correo antes del viernes."),
        ("manager", "@{seller} podemos llegar a 8 % de descuento, no más."),
        ("seller", "Gracias. Ya les envié la versión final."),
    ),
    "services.jobs": (
        ("technician", "Falta confirmar el acceso al local, solo abren hasta las 6 p. m."),
        ("seller", "@{technician} ya coordiné: te esperan en recepción."),
    ),
    "billing.invoices": (
        ("accountant", "Llamé a cobranzas: ofrecen pagar la próxima semana."),
        ("manager", "@{accountant} si no pagan el lunes, avísame para suspender el servicio."),
    ),
}
VIEWS = (
    ("manager", "billing.invoices", "list", "Vencidas", [["status", "eq", "overdue"]]),
    ("manager", "crm.deals", "board", "Mis negocios", [["owner_id", "eq", "me"]]),
    (
        "accountant",
        "expenses.expenses",
        "list",
        "De este mes",
        [["expense_date", "eq", "this_month"]],
    ),
    ("cashier", "sales.orders", "list", "Anuladas", [["status", "eq", "cancelled"]]),
)
KEPT = (
    ("/pos/", "Caja"),
    ("/billing/invoices/list/", "Facturas"),
    ("/crm/deals/board/", "Tablero de negocios"),
)


def add_talk(
    world: World, deals: Sequence[WorkToDo], jobs: Sequence[JobDone], bills: Sequence[Bill]
) -> None:
    """Add comments on the latest records, those who follow them, shared views and favourites."""
    dice = world.dice("talk")
    overdue = [bill for bill in bills if bill.status(world.today) == "overdue"]
    subjects = {
        "crm.deals": [deal.id for deal in deals if deal.closed is None],
        "services.jobs": [job.id for job in jobs if job.completed is None],
        "billing.invoices": [bill.id for bill in overdue],
    }
    for table, keys in subjects.items():
        _talk(world, dice, table, keys[-TALKED_ABOUT:])
    _keep(world)


def _talk(world: World, dice: random.Random, table: str, keys: Iterable[Any]) -> None:
    ids = world.bulk.ids(Comment)
    addresses = {person.name: person.email for person in PEOPLE}
    comments, followers = [], {}
    for key in keys:
        moment = world.now - dt.timedelta(days=dice.randint(1, 6), minutes=dice.randint(0, 600))
        said = SAID[table][: dice.randint(1, len(SAID[table]))]
        for who, text in said:
            moment = min(moment + dt.timedelta(minutes=dice.randint(5, 300)), world.now)
            comments.append(
                {
                    "id": next(ids),
                    "table_name": table,
                    "record_id": str(key),
                    "body": text.format(**addresses),
                    "author_id": world.users[who],
                    "created_at": moment,
                }
            )
            followers[str(key), world.users[who]] = moment
    world.bulk.add(Comment, comments)
    follower_ids = world.bulk.ids(Follower)
    world.bulk.add(
        Follower,
        [
            {
                "id": next(follower_ids),
                "table_name": table,
                "record_id": key,
                "user_id": user_id,
                "reason": "commented",
                "is_muted": False,
                "created_at": moment,
            }
            for (key, user_id), moment in followers.items()
        ],
    )


def _keep(world: World) -> None:
    views, favourites = world.bulk.ids(SavedView), world.bulk.ids(Favourite)
    world.bulk.add(
        SavedView,
        [
            {
                "id": next(views),
                "user_id": world.users[who],
                "table_name": table,
                "kind": kind,
                "name": name,
                "query": _query(conditions),
                "is_shared": True,
                "is_default": False,
            }
            for who, table, kind, name, conditions in VIEWS
        ],
    )
    world.bulk.add(
        Favourite,
        [
            {
                "id": next(favourites),
                "user_id": world.users["admin"],
                "url": url,
                "title": title,
                "position": place,
            }
            for place, (url, title) in enumerate(KEPT, start=1)
        ],
    )


def _query(conditions: list[list[str]]) -> str:
    """As it stands in the address of the list."""
    return urlencode({"filter": json.dumps(conditions, separators=(",", ":"))})

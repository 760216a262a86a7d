"""People and businesses that buy at the counter, with addresses, points and wallets."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.demo import names
from app.demo.identity_numbers import FreshNumbers
from app.demo.world import DAYS, World, at
from app.domain.access_policy import UNLIMITED
from app.services.customers.merge_customers import MergeCustomers, merge_customers
from models.customers import (
    Customer,
    CustomerAddress,
    CustomerWallet,
    LoyaltyAccount,
    WalletTransaction,
)

CUSTOMERS = 2000
WALLETS = 300
DUPLICATES, MERGED = 6, 3
SEGMENTS = ("new", "regular", "regular", "frequent", "vip")
KINDS = ("1", "6", "4", "7")
KIND_WEIGHTS = (82, 11, 5, 2)


def add_customers(world: World) -> None:
    """Add 2,000 customers; points and wallets start empty and are filled by what they buy."""
    bulk, dice = world.bulk, world.dice("customers")
    numbers = FreshNumbers(dice, _taken(world))
    ids = bulk.ids(Customer)
    rows = [_customer(world, dice, numbers, next(ids)) for _ in range(CUSTOMERS)]
    live = [row for row in rows if row["is_active"]]
    twice = _duplicates(world, dice, numbers, live)
    rows, live = rows + twice, live + twice
    bulk.add(Customer, rows)
    bulk.add(CustomerAddress, [row for one in rows for row in _addresses(dice, one)])
    bulk.add(LoyaltyAccount, [{"customer_id": row["id"]} for row in live])
    _add_wallets(world, dice, live)


def _taken(world: World) -> set[str]:
    found = world.bulk.session.scalars(
        sa.select(Customer.doc_number), execution_options={"include_deleted": True}
    )
    return {number for number in found if number}


def _customer(
    world: World, dice: random.Random, numbers: FreshNumbers, customer_id: int
) -> dict[str, Any]:
    kind = dice.choices(KINDS, KIND_WEIGHTS)[0]
    first, last, gender = names.person(dice)
    name, number = f"{first} {last}", numbers.dni() if kind == "1" else ""
    if kind == "6":
        is_company = dice.random() < 0.7  # noqa: PLR2004 - most, not all
        number = numbers.ruc_of_company() if is_company else numbers.ruc_of_person()
        name = business_name(dice) if is_company else name
    elif kind != "1":
        number = numbers.foreigners_card() if kind == "4" else numbers.passport()
    mailbox = names.plain(f"{first.split()[0]} {last.split()[0]}").replace("-", ".")
    return {
        "id": customer_id,
        "doc_type": kind,
        "doc_number": number,
        "full_name": name,
        "email": f"{mailbox}.{customer_id}@example.com" if dice.random() < 0.8 else None,  # noqa: PLR2004
        "phone": names.mobile(dice),
        "birth_date": None
        if kind == "6"
        else dt.date(dice.randint(1955, 2006), dice.randint(1, 12), dice.randint(1, 28)),
        "gender": None if kind == "6" else gender,
        "segment": dice.choice(SEGMENTS),
        "credit_limit": dice.choice((500, 1000, 3000)) if kind == "6" else 0,
        "is_active": dice.random() < 0.98,  # noqa: PLR2004
        "created_at": at(
            world.first_day - dt.timedelta(days=dice.randint(0, 700)), dice.randint(9, 19)
        ),
    }


def business_name(dice: random.Random) -> str:
    """Such as ``Distribuidora Qori Wayra S.A.C.``"""
    first, second = dice.sample(names.BUSINESS_NAMES, 2)
    return (
        f"{dice.choice(names.BUSINESS_HEADS)} {first} {second} {dice.choice(names.BUSINESS_FORMS)}"
    )


def _addresses(dice: random.Random, customer: dict[str, Any]) -> list[dict[str, Any]]:
    labels = ("Local", "Almacén") if customer["doc_type"] == "6" else ("Casa", "Trabajo")
    rows = []
    for number in range(dice.choices((1, 2, 0), (70, 15, 15))[0]):
        district, city, _postal = dice.choice(names.DISTRICTS)
        rows.append(
            {
                "customer_id": customer["id"],
                "label": labels[number],
                "address_line": names.street_address(dice),
                "district": district,
                "city": city,
                "reference": dice.choice((None, "Frente al parque", "Puerta verde", "2.º piso")),
                "is_default": number == 0,
            }
        )
    return rows


def _add_wallets(world: World, dice: random.Random, live: list[dict[str, Any]]) -> None:
    """A first top-up each; spending comes with the orders."""
    bulk = world.bulk
    ids = bulk.ids(CustomerWallet)
    wallets = [
        {"id": next(ids), "customer_id": row["id"], "balance": dice.choice((20, 50, 100, 200))}
        for row in dice.sample(live, WALLETS)
    ]
    bulk.add(CustomerWallet, wallets)
    day = world.today - dt.timedelta(days=DAYS)
    bulk.add(
        WalletTransaction,
        [
            {
                "wallet_id": wallet["id"],
                "type": "CREDIT",
                "amount": wallet["balance"],
                "reference": "Recarga en tienda",
                "created_at": at(day, 7),
            }
            for wallet in wallets
        ],
    )


def _duplicates(
    world: World, dice: random.Random, numbers: FreshNumbers, live: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """A few customers who came back with another document; some will be found and merged."""
    ids = world.bulk.ids(Customer)
    found = []
    for original in dice.sample(live, DUPLICATES):
        again = {**original, "id": next(ids), "doc_type": "4", "email": None, "segment": "new"}
        again["doc_number"] = numbers.foreigners_card()
        found.append(again)
        world.duplicates.append((again["id"], original["id"]))
    return found


def merge_duplicates(world: World) -> None:
    """Merge some of the duplicates, as the manager would, once they have bought things."""
    manager = Actor(user_id=world.users["manager"], name="", policy=UNLIMITED)
    when = at(world.today - dt.timedelta(days=1), 16)
    for source, target in world.duplicates[:MERGED]:
        reason = "La misma persona con otro documento"
        command = MergeCustomers(f"demo:{source}", source, target, (), reason)
        merge_customers(command, actor=manager, now=when)

"""Sales at the till with all that belongs to them.

python -m benchmarks.checkout [--sales 300] [--orders 0] [--notes]

Three lines of 200 products, 50 active promotions to consider, a customer who earns points, cash,
the ticket number, stock and its ledger, the audit log; on a database that syncs to disk. Prints
sales a second and what a sale takes, in one process and in four, and the statements of a sale;
beside it how many a second a script reaches that sends the same statements and does nothing else.
``--orders`` are there before, of the demo. Each sale has its boleta, unless they are to be
``--notes``, notas de venta.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import statistics
import time
import uuid
from dataclasses import dataclass
from decimal import Decimal
from multiprocessing import get_context
from typing import Any

import psycopg
from flask import Flask, current_app

from app.demo.load import load_demo
from benchmarks.bare import record, replay
from benchmarks.scratch import report, scratch_app

LINES = 3
PRODUCTS = 200
PROMOTIONS = 50
CUSTOMERS = 100
PROCESSES = 4
STOCK = 1_000_000
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Shop:
    """What a process sells with; ``actor`` is the cashier's key."""

    actor: int
    till: int
    variants: tuple[int, ...]
    customers: tuple[int, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, default=300, help="sales of each process")
    parser.add_argument("--orders", type=int, default=0, help="orders that are there before")
    parser.add_argument("--notes", action="store_true", help="sales without boletas")
    wanted = parser.parse_args()
    sales = wanted.sales
    with scratch_app() as app:
        if wanted.orders:
            load_demo(wanted.orders, now=dt.datetime.now(dt.UTC))
        if not wanted.notes:
            add_issuer()
        shop = prepare()
        statements = count_statements(shop)
        bare = measure_bare(shop, sales)
        alone = measure(app, shop, sales, 1)
        together = measure(app, shop, sales, PROCESSES)
        report(
            "checkout",
            lines=LINES,
            promotions=PROMOTIONS,
            orders=wanted.orders,
            boletas=not wanted.notes,
            bare_sales_per_second=bare,
            statements=statements,
            **{f"{name}_in_1": value for name, value in alone.items()},
            **{f"{name}_in_{PROCESSES}": value for name, value in together.items()},
        )


def measure(app: Flask, shop: Shop, sales: int, processes: int) -> dict[str, float]:
    """Sales a second of all processes together, and what one sale takes."""
    from app.extensions import db

    db.session.remove()
    db.engine.dispose()  # no connection is shared with a child
    context = get_context("fork")
    results = context.Queue()
    barrier = context.Barrier(processes)
    children = [
        context.Process(target=work, args=(app, shop, sales, barrier, results))
        for _ in range(processes)
    ]
    for child in children:
        child.start()
    found = [results.get() for _ in children]
    for child in children:
        child.join()
    times = sorted(took for _start, _end, taken in found for took in taken)
    seconds = max(end for _start, end, _taken in found) - min(start for start, _e, _t in found)
    return {
        "sales_per_second": round(len(times) / seconds, 1),
        "p50_ms": round(statistics.median(times) * 1000, 1),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 1),
    }


def work(app: Flask, shop: Shop, sales: int, barrier: Any, results: Any) -> None:
    dice = random.Random(os.getpid())  # noqa: S311 - nothing secret
    with app.app_context():
        for _ in range(WARM_UP):
            sell(shop, dice)
        barrier.wait()
        start, taken = time.perf_counter(), []
        for _ in range(sales):
            before = time.perf_counter()
            sell(shop, dice)
            taken.append(time.perf_counter() - before)
        results.put((start, time.perf_counter(), taken))


def sell(shop: Shop, dice: random.Random) -> None:
    from app.actor import Actor
    from app.domain.tenders import Tender
    from app.services.sales.checkout import Checkout, checkout
    from app.services.sales.price_cart import SaleLine

    keys = dice.sample(shop.variants, LINES)
    lines = tuple(SaleLine(key, dice.randint(1, 3)) for key in keys)
    command = Checkout(
        key=str(uuid.uuid4()),
        cash_session_id=shop.till,
        lines=lines,
        expected_total=Decimal(9 * sum(line.quantity for line in lines)),
        tenders=(Tender("cash", Decimal(1000)),),
        customer_id=dice.choice(shop.customers),
    )
    actor = Actor(user_id=shop.actor, name="Rosa Quispe", ip="127.0.0.1")
    checkout(command, actor=actor, now=dt.datetime.now(dt.UTC))


def count_statements(shop: Shop) -> int:
    from app.extensions import db

    dice = random.Random(1)  # noqa: S311 - nothing secret
    sell(shop, dice)
    return len(record(db.engine, lambda: sell(shop, dice)))


def measure_bare(shop: Shop, sales: int) -> float:
    """Sales a second of a script that only sends the statements of some sales again."""
    from app.extensions import db

    dice = random.Random(2)  # noqa: S311 - nothing secret
    recorded = [record(db.engine, lambda: sell(shop, dice)) for _ in range(WARM_UP)]
    address = current_app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", "")
    with psycopg.connect(address) as connection:
        for steps in recorded:
            replay(connection, steps)
        start = time.perf_counter()
        for number in range(sales):
            replay(connection, recorded[number % len(recorded)])
        return round(sales / (time.perf_counter() - start), 1)


def add_issuer() -> None:
    """A business with a series for boletas at all its locations."""
    from app.db import atomic
    from models.sunat import DocumentSequence, IssuingCompany

    with atomic() as session:
        company = IssuingCompany(ruc="20100066603", raz_social="Mercado Qhatu S.A.C.")
        session.add(company)
        session.flush()  # the series names it
        session.add(DocumentSequence(company_id=company.id, document_type="03", series="B999"))


def prepare() -> Shop:
    """A shop with plenty of stock; one promotion applies to everything, the others to nothing."""
    from app.actor import Actor
    from app.db import atomic
    from app.services.inventory.receive_stock import ReceivedLine, ReceiveStock, receive_stock
    from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
    from models.catalog import Product, ProductVariant
    from models.customers import Customer
    from models.identity import User
    from models.inventory import Location
    from models.sales import Promotion

    with atomic() as session:
        cashier = User(
            username="cashier", email="cashier@example.com", first_name="Rosa", last_name="Quispe"
        )
        place = Location(name="Shop", code="SHOP")
        variants = [ProductVariant(sku=f"SKU-{n}") for n in range(PRODUCTS)]
        products = [
            Product(
                name=f"Product {n}",
                slug=f"product-{n}",
                base_price=Decimal(10),
                cost_price=Decimal(6),
                status="active",
                variants=[variant],
            )
            for n, variant in enumerate(variants)
        ]
        customers = [Customer(full_name=f"Customer {n}") for n in range(CUSTOMERS)]
        offers = [
            Promotion(
                name=f"Offer {n}",
                type="percent",
                value=Decimal(10),
                priority=n,
                conditions={} if n == 0 else {"products": [10**9 + n]},
            )
            for n in range(PROMOTIONS)
        ]
        session.add_all([cashier, place, *products, *customers, *offers])
        session.flush()  # the keys are needed below
        actor = Actor(user_id=cashier.id, name="Rosa Quispe", ip="127.0.0.1")
        keys = tuple(variant.id for variant in variants)
        buyers = tuple(customer.id for customer in customers)
        place_id = place.id
    now = dt.datetime.now(dt.UTC)
    lines = tuple(ReceivedLine(key, STOCK) for key in keys)
    receive_stock(ReceiveStock(str(uuid.uuid4()), place_id, lines), actor=actor, now=now)
    till = open_cash_session(OpenCashSession(place_id, Decimal(100)), actor=actor, now=now)
    return Shop(actor.user_id or 0, till, keys, buyers)


if __name__ == "__main__":
    main()

"""What the audit costs a checkout: ``python -m benchmarks.audit_overhead [--rounds 300]``.

What the till asks for, three lines paid in cash, on a database that syncs to disk: the request
with all that it does, with the triggers and the statement that says who acts, and without both, in
turns, so that both see the same machine. Prints lower quartiles in milliseconds by the clock and by
the processors' time of our process and its database process together, the rows that each sale
leaves in the audit log, and how much more a turn with the audit takes than its neighbour without.
"""

from __future__ import annotations

import argparse
import contextvars
import datetime as dt
import gc
import statistics
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.audit import who
from benchmarks.scratch import report, scratch_app

Cost = tuple[float, float]
"""Seconds by the clock, and of processor time."""
LINES = 3
WARM_UP = 20
is_writing = who.is_writing
TURN = 20
SETTLING = 5
STOCK = 1_000_000


@dataclass(frozen=True, slots=True)
class Shop:
    """A cashier's browser, the open till, and what it sells."""

    client: FlaskClient
    till: int
    variants: list[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, help="checkouts with and without each")
    rounds = parser.parse_args().rounds
    with scratch_app() as app:
        app.config["RATELIMIT_ENABLED"] = app.config["WTF_CSRF_ENABLED"] = False
        measure(prepare(app), rounds)


def measure(shop: Shop, rounds: int) -> None:
    for _ in range(WARM_UP):
        sell(shop)
    entries = audit_rows()
    sell(shop)
    entries = audit_rows() - entries
    turns: dict[bool, list[Cost]] = {True: [], False: []}
    gc.disable()
    for turn in range(2 * rounds // TURN):
        audited = turn % 4 in {0, 3}  # on, off, off, on: neither always comes first
        switch_audit(on=audited)
        sales = [sell(shop) for _ in range(SETTLING + TURN)]
        # Those before read the catalogue and plan anew.
        turns[audited].append(tuple(map(undisturbed, zip(*sales[SETTLING:], strict=True))))
    facts = summary(turns, "ms", 0) | summary(turns, "cpu_ms", 1)
    report("audit_overhead", checkouts=rounds, lines=LINES, audit_rows=entries, **facts)


def undisturbed(times: Sequence[float]) -> float:
    """The lower quartile: what other work on the machine adds is on the slow side."""
    return statistics.quantiles(times, n=4)[0]


def summary(turns: dict[bool, list[Cost]], name: str, place: int) -> dict[str, float]:
    """Medians, and by how much a turn with the audit took longer than its neighbour without: the
    machine may be faster or slower a minute later."""
    on, off = ([cost[place] for cost in turns[audited]] for audited in (True, False))
    longer = statistics.median(a / b for a, b in zip(on, off, strict=True)) - 1
    return {
        f"audited_{name}": round(statistics.median(on) * 1000, 2),
        f"unaudited_{name}": round(statistics.median(off) * 1000, 2),
        f"{name.replace('ms', '')}overhead_percent": round(longer * 100, 1),
    }


def prepare(app: Flask) -> Shop:
    """An open till in a shop with plenty of stock, and its cashier's browser."""
    from app.actor import Actor
    from app.db import atomic
    from app.services.inventory.receive_stock import ReceivedLine, ReceiveStock, receive_stock
    from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
    from models.catalog import Product, ProductVariant
    from models.identity import Role, User, UserRole
    from models.inventory import Location
    from tests.conftest import give_session

    with atomic() as session:
        cashier = User(
            username="cashier", email="cashier@example.com", first_name="Rosa", last_name="Quispe"
        )
        place = Location(name="Shop", code="SHOP")
        variants = [ProductVariant(sku=f"SKU-{number}") for number in range(LINES)]
        for number, variant in enumerate(variants):
            product = Product(
                name=f"Product {number}",
                slug=f"product-{number}",
                base_price=Decimal(10),
                cost_price=Decimal(6),
                status="active",
            )
            product.variants.append(variant)
            session.add(product)
        session.add_all([cashier, place])
        session.flush()  # the keys are needed below
        role = session.scalars(sa.select(Role.id).where(Role.name == "Cashier")).one()
        session.add(UserRole(user_id=cashier.id, role_id=role))
        keys = [variant.id for variant in variants]
        actor = Actor(user_id=cashier.id, name="Rosa Quispe", ip="127.0.0.1")
        place_id = place.id
    now = dt.datetime.now(dt.UTC)
    lines = tuple(ReceivedLine(key, STOCK) for key in keys)
    receive_stock(ReceiveStock(str(uuid.uuid4()), place_id, lines), actor=actor, now=now)
    till = open_cash_session(OpenCashSession(place_id, Decimal(100)), actor=actor, now=now)
    client = app.test_client()
    give_session(client, actor.user_id or 0, locale="en")
    return Shop(client, getattr(till, "id", till), keys)


def sell(shop: Shop) -> Cost:
    """One sale as the till sends it."""
    from app.db import session

    total = f"{10 * LINES}.00"
    order = {
        "key": str(uuid.uuid4()),
        "cash_session_id": shop.till,
        "lines": [{"variant_id": key, "quantity": 1} for key in shop.variants],
        "expected_total": total,
        "tenders": [{"method": "cash", "amount": total}],
    }
    backend = session().scalar(sa.select(sa.func.pg_backend_pid()))
    session().close()  # the request takes the same connection
    start, cpu = time.perf_counter(), cpu_seconds(backend)
    answer = contextvars.Context().run(shop.client.post, "/pos/checkout", json=order)
    took = time.perf_counter() - start, cpu_seconds(backend) - cpu
    if answer.status_code != 200:
        raise SystemExit(f"the till answered {answer.status_code}: {answer.text}")
    return took


def cpu_seconds(backend: int) -> float:
    """Processor time of this process and of a database process so far (Linux)."""
    nanoseconds = int(Path(f"/proc/{backend}/schedstat").read_text().split()[0])
    return time.process_time() + nanoseconds / 1e9


def audit_rows() -> int:
    from app.db import session
    from models.platform import AuditLog

    found = session().scalar(sa.select(sa.func.count()).select_from(AuditLog))
    session().rollback()
    return found or 0


def switch_audit(*, on: bool) -> None:
    from app.audit.triggers import audit_triggers, switch_off
    from app.owner import owner_engine

    who.is_writing = is_writing if on else lambda _statement: False
    with owner_engine().begin() as connection:
        for table in audit_triggers():
            connection.exec_driver_sql(switch_off(table, on=on))


if __name__ == "__main__":
    main()

"""What the audit costs a checkout: ``python -m benchmarks.audit_overhead [--rounds 300]``.

The real operation, three lines paid in cash, on a database that syncs to disk: with the triggers
and the statement that says who acts, and without both, in turns, so that both see the same machine.
Prints medians in milliseconds by the clock and by the processors' time of our process and its
database process together (which other work on the machine doesn't disturb), the rows that each sale
leaves in the audit log, and how much more the median sale takes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import statistics
import time
import uuid
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from app.audit import who
from benchmarks.scratch import report, scratch_app

Cost = tuple[float, float]
"""Seconds by the clock, and of processor time."""
LINES = 3
WARM_UP = 20
is_writing = who.is_writing
TURN = 50
SETTLING = 5
STOCK = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300, help="checkouts with and without each")
    rounds = parser.parse_args().rounds
    with scratch_app():
        measure(rounds)


def measure(rounds: int) -> None:
    till, variants, actor = prepare()
    for _ in range(WARM_UP):
        sell(till, variants, actor)
    entries = audit_rows()
    sell(till, variants, actor)
    entries = audit_rows() - entries
    times: dict[bool, list[Cost]] = {True: [], False: []}
    gc.disable()
    for turn in range(2 * rounds // TURN):
        audited = turn % 2 == 0
        switch_audit(on=audited)
        for number in range(SETTLING + TURN):
            took = sell(till, variants, actor)
            if number >= SETTLING:  # those before read the catalogue and plan anew
                times[audited].append(took)
    facts = summary(times, "ms", 0) | summary(times, "cpu_ms", 1)
    report("audit_overhead", checkouts=rounds, lines=LINES, audit_rows=entries, **facts)


def summary(times: dict[bool, list[Cost]], name: str, place: int) -> dict[str, float]:
    audited, unaudited = (
        statistics.median(cost[place] for cost in times[on]) * 1000 for on in (True, False)
    )
    return {
        f"audited_{name}": round(audited, 2),
        f"unaudited_{name}": round(unaudited, 2),
        f"{name.replace('ms', '')}overhead_percent": round((audited / unaudited - 1) * 100, 1),
    }


def prepare() -> tuple[int, list[int], object]:
    """An open till in a shop with plenty of stock: (till, variants, cashier)."""
    from app.actor import Actor
    from app.db import atomic
    from app.services.inventory.receive_stock import ReceivedLine, ReceiveStock, receive_stock
    from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
    from models.catalog import Product, ProductVariant
    from models.identity import User
    from models.inventory import Location

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
        keys = [variant.id for variant in variants]
        actor = Actor(user_id=cashier.id, name="Rosa Quispe", ip="127.0.0.1")
        place_id = place.id
    now = dt.datetime.now(dt.UTC)
    lines = tuple(ReceivedLine(key, STOCK) for key in keys)
    receive_stock(ReceiveStock(str(uuid.uuid4()), place_id, lines), actor=actor, now=now)
    till = open_cash_session(OpenCashSession(place_id, Decimal(100)), actor=actor, now=now)
    return getattr(till, "id", till), keys, actor


def sell(till: int, variants: list[int], actor: object) -> Cost:
    """One sale as its cashier, on a session without loaded rows."""
    from app.actor import acting_as
    from app.db import session
    from app.extensions import db
    from app.services.sales.checkout import Checkout, SaleLine, checkout

    command = Checkout(
        key=str(uuid.uuid4()),
        cash_session_id=till,
        lines=tuple(SaleLine(variant, 1) for variant in variants),
        expected_total=Decimal(10 * LINES),
        cash_received=Decimal(10 * LINES),
    )
    db.session.remove()
    backend = session().scalar(sa.select(sa.func.pg_backend_pid()))
    session().rollback()
    with acting_as(actor):
        start, cpu = time.perf_counter(), cpu_seconds(backend)
        checkout(command, actor=actor, now=dt.datetime.now(dt.UTC))
        return time.perf_counter() - start, cpu_seconds(backend) - cpu


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

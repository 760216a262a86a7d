"""One product that everybody wants: operations a second of eight processes on one stock row.

    python -m benchmarks.hot_sku [--seconds 10] [--processes 8]

On a scratch database that syncs to disk, with audit. Each process sells, reserves and commits,
reserves and releases, or sends a piece to another location and receives it, by turns. At the end
the books are verified, so that no figure is given for a product that was oversold.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

from benchmarks.scratch import report, scratch_app

PIECES = 1_000_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--processes", type=int, default=8)
    asked = parser.parse_args()
    with scratch_app() as app:
        place, other, variant = prepare()
        context = get_context("fork")
        results: Any = context.Queue()

        def work(number: int) -> None:
            results.put(busy(app, (place, other, variant), number, asked.seconds))

        started = [context.Process(target=work, args=(n,)) for n in range(asked.processes)]
        for process in started:
            process.start()
        done = [results.get() for _process in started]
        for process in started:
            process.join()
        finish(done, asked.processes, asked.seconds)


def prepare() -> tuple[int, int, int]:
    """A million pieces of a product at one of two locations; nobody is watching it."""
    import datetime as dt
    from decimal import Decimal

    from app.actor import system_actor
    from app.db import atomic
    from app.services.inventory.receive_stock import ReceivedLine, ReceiveStock, receive_stock
    from models.catalog import Product, ProductVariant
    from models.inventory import Location

    with atomic() as session:
        places = [Location(name=f"Place {n}", code=f"B{n}") for n in range(2)]
        product = Product(name="Hot", slug="hot", base_price=Decimal(2), status="active")
        variant = ProductVariant(sku="HOT")
        product.variants.append(variant)
        session.add_all([*places, product])
        session.flush()  # the delivery names them
        keys = places[0].id, places[1].id, variant.id
    command = ReceiveStock("hot", keys[0], (ReceivedLine(keys[2], PIECES),))
    receive_stock(command, actor=system_actor(), now=dt.datetime.now(dt.UTC))
    return keys


def busy(app: Any, goods: tuple[int, int, int], number: int, seconds: float) -> dict[str, float]:
    """How many operations this process did, and the slowest tenth's limit in milliseconds."""
    from app.extensions import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose(close=False)  # the parent's connections are not ours
        steps = operations(goods, number)
        taken: list[float] = []
        ends = time.perf_counter() + seconds
        while time.perf_counter() < ends:
            for step in steps:
                begun = time.perf_counter()
                count = step()
                taken += [(time.perf_counter() - begun) / count] * count
        db.session.remove()
        db.engine.dispose()
    taken.sort()
    slow = taken[int(len(taken) * 0.95)] * 1000
    return {"operations": len(taken), "p95": slow}


def operations(goods: tuple[int, int, int], number: int) -> list[Callable[[], int]]:
    """Steps that each give how many operations they were."""
    import datetime as dt
    import itertools

    from app.actor import system_actor
    from app.services.inventory import (
        adjust_stock,
        commit_reservation,
        dispatch_transfer,
        receive_transfer,
        release_reservation,
        reserve_stock,
    )

    place, other, variant = goods
    keys = (f"{os.getpid()}-{n}" for n in itertools.count())
    actor, now, cart = system_actor(), dt.datetime.now(dt.UTC), f"cart {number}"

    def take() -> int:
        lines = (adjust_stock.AdjustedLine(variant, -1),)
        command = adjust_stock.AdjustStock(next(keys), place, lines, "Benchmark")
        adjust_stock.adjust_stock(command, actor=actor, now=now)
        return 1

    def reserve() -> None:
        lines = (reserve_stock.ReservedLine(variant, 1),)
        command = reserve_stock.ReserveStock(next(keys), place, cart, lines)
        reserve_stock.reserve_stock(command, actor=actor, now=now)

    def sell() -> int:
        reserve()
        command = commit_reservation.CommitReservation(next(keys), session_id=cart)
        commit_reservation.commit_reservation(command, actor=actor, now=now)
        return 2

    def release() -> int:
        reserve()
        command = release_reservation.ReleaseReservation(next(keys), session_id=cart)
        release_reservation.release_reservation(command, actor=actor, now=now)
        return 2

    def send() -> int:
        lines = (dispatch_transfer.DispatchedLine(variant, 1),)
        command = dispatch_transfer.DispatchTransfer(next(keys), place, other, lines)
        sent = dispatch_transfer.dispatch_transfer(command, actor=actor, now=now)
        arrival = receive_transfer.ReceiveTransfer(next(keys), sent.result["transfer_id"])
        receive_transfer.receive_transfer(arrival, actor=actor, now=now)
        return 2

    return [take, sell, release, send]


def finish(done: list[dict[str, float]], processes: int, seconds: float) -> None:
    from app.services.platform.verify_ledgers import verify_ledgers

    wrong = [check.name for check in verify_ledgers() if check.wrong]
    if wrong:
        raise SystemExit(f"The books are wrong: {wrong}")
    operations_done = sum(int(each["operations"]) for each in done)
    report(
        "hot_sku",
        processes=processes,
        operations=operations_done,
        operations_per_second=round(operations_done / seconds),
        p95_ms=round(max(each["p95"] for each in done), 1),
        verified=True,
    )


if __name__ == "__main__":
    main()

"""Changing the prices of 50,000 variants: preparing, looking at, applying.

    python -m benchmarks.bulk_prices [--variants 50000]

Everything is recorded: the history of prices and the audit log.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from decimal import Decimal
from itertools import pairwise

import sqlalchemy as sa

from benchmarks.goods import add_goods
from benchmarks.scratch import report, scratch_app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variants", type=int, default=50_000)
    variants = parser.parse_args().variants
    with scratch_app():
        add_goods(variants)
        _measure(variants)


def _measure(variants: int) -> None:
    from app.actor import system_actor
    from app.db import session
    from app.services.catalog.apply_prices import ApplyPrices, apply_prices
    from app.services.catalog.prepare_prices import PreparePrices, prepare_prices
    from app.services.catalog.price_change import find_price_change
    from app.services.catalog.read_price_change import read_price_lines, read_price_totals
    from models.catalog import PriceChange

    actor, now = system_actor("benchmark"), dt.datetime.now(dt.UTC)
    command = PreparePrices("benchmark-1", value=Decimal(5), ending=Decimal("0.90"))
    times = [time.perf_counter()]
    draft = prepare_prices(command, actor=actor, now=now).result
    times.append(time.perf_counter())
    change = find_price_change(draft["price_change"])
    read_price_totals(change)
    read_price_lines(change)
    session().rollback()
    times.append(time.perf_counter())
    asked = ApplyPrices(draft["price_change"], "Benchmark", accept_warnings=True)
    done = apply_prices(asked, actor=actor, now=now)
    times.append(time.perf_counter())
    recorded = session().scalar(sa.select(sa.func.count()).select_from(PriceChange))
    prepared, looked, applied = (b - a for a, b in pairwise(times))
    report(
        "bulk_prices",
        variants=variants,
        changed=done.prices,
        recorded=recorded,
        prepare_seconds=round(prepared, 2),
        page_ms=round(looked * 1000),
        apply_seconds=round(applied, 2),
    )


if __name__ == "__main__":
    main()

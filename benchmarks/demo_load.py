"""Loading the demo: ``python -m benchmarks.demo_load --orders 20000 --orders 1000000``."""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import time

from benchmarks.scratch import report, scratch_app

DEFAULT = [20_000]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, action="append", help="may be given several times")
    for orders in parser.parse_args().orders or DEFAULT:
        measure(orders)


def measure(orders: int) -> None:
    from app.demo.load import load_demo

    with scratch_app():
        start, cpu = time.perf_counter(), time.process_time()
        loaded = load_demo(orders, now=dt.datetime.now(dt.UTC))
        seconds = time.perf_counter() - start
        report(
            "demo_load",
            orders=orders,
            seconds=round(seconds, 1),
            rows=sum(loaded.counts.values()),
            rows_per_second=round(sum(loaded.counts.values()) / seconds),
            client_cpu_seconds=round(time.process_time() - cpu, 1),
            peak_memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        )


if __name__ == "__main__":
    main()

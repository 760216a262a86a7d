"""The till's product search at 100,000 variants: p50 and p95 of the service, over what people type.

python -m benchmarks.product_search [--variants 100000] [--rounds 20]
"""

from __future__ import annotations

import argparse
import random
import statistics
import time

from benchmarks.goods import add_goods
from benchmarks.scratch import report, scratch_app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variants", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    wanted = parser.parse_args()
    with scratch_app():
        location = add_goods(wanted.variants)
        _measure(wanted.variants, wanted.rounds, location)


def _measure(variants: int, rounds: int, location: int) -> None:
    from app.db import session
    from app.services.sales.find_products import find_products

    chance = random.Random(20261122)  # noqa: S311 - the same questions each time
    taken: dict[str, list[float]] = {}
    for _round in range(rounds):
        number = chance.randint(1, variants)
        typed = {
            "barcode": f"775{number:09d}"[:12] + "0",
            "sku": f"B{number:07d}",
            "part_of_sku": f"B{number:07d}"[:6],
            "word": chance.choice(["polo", "leche", "galleta", "champu"]),
            "accents": "champú rosé",
            "words": f"{chance.choice(['polo', 'leche'])} marca {chance.randint(1, 300)}",
            "with_size": "polo marca m",
            "one_letter": "p",
            "two_letters": "le",
            "nothing": "xyzzyq",
        }
        for name, text in typed.items():
            start = time.perf_counter()
            find_products(text, location)
            taken.setdefault(name, []).append((time.perf_counter() - start) * 1000)
            session().rollback()
    everything = [one for times in taken.values() for one in times]
    report(
        "product_search",
        variants=variants,
        p50_ms=round(statistics.median(everything), 1),
        p95_ms=round(statistics.quantiles(everything, n=20)[18], 1),
        p95_ms_by_question={
            name: round(statistics.quantiles(times, n=20)[18], 1) for name, times in taken.items()
        },
    )


if __name__ == "__main__":
    main()

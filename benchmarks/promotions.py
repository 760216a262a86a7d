"""The promotion engine: carts a second with 50 active promotions.

    python -m benchmarks.promotions [--carts 2000]

Carts of 1 to 20 lines and promotions of every type, the same each time; no database.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from decimal import Decimal
from typing import Any

from app.domain.promotions.cart import Cart, CartLine, Offer
from app.domain.promotions.conditions import read_conditions
from app.domain.promotions.engine import apply_promotions
from benchmarks.scratch import report

OFFERS = 50
VARIANTS, CATEGORIES = 500, 30
MOMENT = dt.datetime(2026, 11, 21, 19, 30, tzinfo=dt.UTC)
KINDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("percent", {}),
    ("fixed_amount", {"min_amount": "50.00"}),
    ("buy_x_get_y", {"buy": 2, "get": 1}),
    ("nth_item", {"nth": 2}),
    ("bundle_price", {}),
    ("percent", {"weekdays": [6, 7], "hours": [{"from": "18:00", "to": "21:00"}]}),
    ("percent", {"segments": ["VIP"]}),
    ("free_shipping", {"min_amount": "100.00"}),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carts", type=int, default=2000)
    carts = parser.parse_args().carts
    chance = random.Random(20261122)  # noqa: S311 - the same carts each time
    offers = [_offer(number, chance) for number in range(OFFERS)]
    baskets = [_cart(chance) for _number in range(carts)]
    start, taken = time.perf_counter(), 0
    for cart in baskets:
        taken += bool(apply_promotions(cart, offers).applied)
    seconds = time.perf_counter() - start
    report(
        "promotions",
        carts=carts,
        promotions=OFFERS,
        discounted=taken,
        carts_per_second=round(carts / seconds),
        ms_per_cart=round(seconds / carts * 1000, 3),
    )


def _offer(number: int, chance: random.Random) -> Offer:
    kind, conditions = KINDS[number % len(KINDS)]
    goods: dict[str, Any] = {"categories": [chance.randint(1, CATEGORIES)]}
    if kind == "bundle_price":
        goods = {"bundle": [{"categories": [chance.randint(1, CATEGORIES)], "quantity": 2}]}
    value = Decimal(chance.randint(5, 40))
    return Offer(number, "", kind, value, number, read_conditions(conditions | goods, kind))


def _cart(chance: random.Random) -> Cart:
    lines = tuple(
        CartLine(
            key,
            variant := chance.randint(1, VARIANTS),
            variant,
            chance.randint(1, 6),
            Decimal(chance.randint(100, 20_000)) / 100,
            frozenset({variant % CATEGORIES + 1}),
        )
        for key in range(chance.randint(1, 20))
    )
    return Cart(lines, MOMENT, shipping=Decimal(15))


if __name__ == "__main__":
    main()

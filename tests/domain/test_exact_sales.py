"""Ten thousand carts of any kind: lines, discounts, taxes and payments agree to the cent."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

from app.domain.discounts import ByHand, discounts_by_hand
from app.domain.money import line_total
from app.domain.promotions.cart import Cart, CartLine, Offer
from app.domain.promotions.conditions import read_conditions
from app.domain.promotions.engine import apply_promotions
from app.domain.sale import LineToPrice, price_sale
from app.domain.tenders import Tender, settle

CARTS = 10_000
NOON = dt.datetime(2026, 6, 15, 12, 0, tzinfo=dt.UTC)
TAX_CODES = ("10", "10", "10", "17", "20", "30")
CONDITIONS = (
    ("percent", {}),
    ("percent", {"stackable": False, "categories": [1]}),
    ("percent", {"max_discount": "7.77"}),
    ("fixed_amount", {"min_amount": "20.00"}),
    ("buy_x_get_y", {"buy": 2, "get": 1}),
    ("nth_item", {"nth": 3}),
    (
        "bundle_price",
        {"bundle": [{"categories": [1], "quantity": 1}, {"brands": [1], "quantity": 2}]},
    ),
)


def random_offers(dice: random.Random) -> list[Offer]:
    chosen = dice.sample(CONDITIONS, dice.randint(0, 4))
    return [
        Offer(
            id=n,
            name=kind,
            kind=kind,
            value=Decimal(dice.randint(1, 9_999)) / 100,
            priority=dice.randint(0, 3),
            conditions=read_conditions(raw, kind),
        )
        for n, (kind, raw) in enumerate(chosen, 1)
    ]


def random_cart(dice: random.Random) -> list[CartLine]:
    return [
        CartLine(
            n,
            dice.randint(1, 9),
            n,
            dice.randint(1, 40),
            Decimal(dice.randint(1, 9_999_999)) / 10_000,
            frozenset(dice.sample((1, 2, 3), dice.randint(0, 2))),
            dice.choice((None, 1, 2)),
        )
        for n in range(dice.randint(1, 6))
    ]


def test_everything_adds_up() -> None:
    dice = random.Random(20260615)  # noqa: S311 - nothing secret
    for number in range(CARTS):
        lines = random_cart(dice)
        outcome = apply_promotions(Cart(tuple(lines), NOON), random_offers(dice))
        prices = [line_total(line.quantity, line.unit_price) for line in lines]
        taken = [outcome.discounts[line.key] for line in lines]
        left = [price - off for price, off in zip(prices, taken, strict=True)]
        parts = [Decimal(dice.choice((0, 0, 5, 33))) for _ in lines]
        hand = discounts_by_hand(left, ByHand(tuple(parts), Decimal(dice.choice((0, 0, 10)))))
        off = [first + second for first, second in zip(taken, hand, strict=True)]
        sale = price_sale(
            [
                LineToPrice(line.quantity, line.unit_price, dice.choice(TAX_CODES), discount)
                for line, discount in zip(lines, off, strict=True)
            ]
        )
        assert sale.subtotal == sum(prices), number
        assert sale.discount == outcome.total + sum(hand), number
        assert sale.total == sale.subtotal - sale.discount == sale.base + sale.tax, number
        assert sale.total == sum(split.total for split in sale.lines), number
        assert sale.tax == sum(split.tax for split in sale.lines), number
        assert all(split.total >= 0 <= split.tax for split in sale.lines), number
        card = (sale.total * dice.choice((0, 0, 1, 50, 100)) / 100).quantize(Decimal("0.01"))
        tenders = [Tender("card", card)] if card else []
        paid = settle(sale.total, [*tenders, Tender("cash", sale.total - card + 50)])
        assert paid.paid == sale.total + paid.rounding, number
        assert paid.change == 50 - paid.rounding, number

"""What customers put in their baskets, and what each line costs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import sqlalchemy as sa

from app.demo.rows import safe
from app.demo.stockroom import Article
from app.demo.world import World
from app.domain.tax import RATES
from models.catalog import Category, Product, ProductVariant

LINE_COUNTS = (1, 2, 3, 4, 5, 7)
LINE_WEIGHTS = (40, 27, 16, 9, 5, 3)
QUANTITIES = (1, 1, 1, 1, 1, 1, 2, 2, 3, 4)
DEAREST_OF_MANY = 40_00  # nobody takes several pieces of dear things
# How many of a thing people buy, by category at the top of the tree.
POPULARITY = {
    "Abarrotes": 6.0,
    "Bebidas": 6.0,
    "Limpieza": 3.0,
    "Cuidado personal": 2.5,
    "Útiles escolares": 1.5,
    "Mascotas": 1.5,
}


@dataclass(slots=True)
class Line:
    """A line of an order; ``gross`` less ``discount`` includes ``tax``; céntimos."""

    index: int
    quantity: int
    gross: int
    discount: int
    tax: int

    @property
    def net(self) -> int:
        return self.gross - self.discount


def read_articles(world: World) -> list[Article]:
    """Every variant that is for sale, in the order of its key."""
    variant, product = ProductVariant, Product
    top, branch = sa.orm.aliased(Category), sa.orm.aliased(Category)
    found = world.bulk.session.execute(
        sa.select(
            variant.id,
            variant.sku,
            sa.func.concat_ws(" ", product.name, variant.size, variant.color),
            sa.func.coalesce(variant.price_override, product.base_price),
            product.tax_code,
            product.cost_price,
            sa.func.coalesce(top.name, branch.name, ""),
        )
        .join(product, product.id == variant.product_id)
        .outerjoin(branch, branch.id == product.category_id)
        .outerjoin(top, top.id == branch.parent_id)
        .where(product.status == "active", variant.is_active, product.tax_code.in_(["10", "20"]))
        .order_by(variant.id)
    )
    return [
        Article(
            key,
            safe(sku),
            safe(name),
            int(price * 100),
            code,
            int(RATES[code]),
            str(cost),
            category,
        )
        for key, sku, name, price, code, cost, category in found
    ]


class Baskets:
    """Fills baskets with what sells well more often than with what doesn't."""

    def __init__(self, articles: Sequence[Article], dice: random.Random) -> None:
        self.articles = articles
        self.dice = dice
        weights = [
            POPULARITY.get(article.category, 1.0) * dice.paretovariate(1.6) for article in articles
        ]
        self.shares = [weight / sum(weights) for weight in weights]
        self._cumulated = list(accumulate(weights))
        self._indexes = range(len(articles))

    def demand(self, orders_a_day: float) -> list[float]:
        """Pieces of each article that will be sold on an average day."""
        lines = sum(n * w for n, w in zip(LINE_COUNTS, LINE_WEIGHTS, strict=True))
        pieces = lines / sum(LINE_WEIGHTS) * sum(QUANTITIES) / len(QUANTITIES)
        return [share * pieces * orders_a_day for share in self.shares]

    def fill(self, number: int) -> list[list[int]]:
        """Articles of so many baskets; none twice in a basket."""
        counts = self.dice.choices(LINE_COUNTS, LINE_WEIGHTS, k=number)
        picks = iter(self.dice.choices(self._indexes, cum_weights=self._cumulated, k=sum(counts)))
        return [list(dict.fromkeys(next(picks) for _ in range(count))) for count in counts]

    def price(self, indexes: Sequence[int], percent_off: Sequence[int]) -> list[Line]:
        """Quantities and amounts; ``percent_off`` by line, whole percents."""
        lines = []
        for index, percent in zip(indexes, percent_off, strict=True):
            article = self.articles[index]
            quantity = 1
            if article.price <= DEAREST_OF_MANY:
                quantity = QUANTITIES[int(self.dice.random() * len(QUANTITIES))]
            gross = quantity * article.price
            discount = (gross * percent + 50) // 100
            lines.append(
                Line(index, quantity, gross, discount, tax_in(gross - discount, article.rate))
            )
        return lines


def tax_in(total: int, rate: int) -> int:
    """Tax within an amount, as :func:`app.domain.tax.split_tax` computes it, but in céntimos."""
    if not rate:
        return 0
    return total - (total * 200 + 100 + rate) // (2 * (100 + rate))

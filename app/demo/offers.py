"""Promotions and coupons, and which of them apply to a basket."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.demo.stockroom import Article
from app.demo.world import World, at
from models.catalog import Category
from models.sales import Coupon, Promotion

COUPON_SHARE = 0.02


@dataclass(slots=True)
class Offer:
    """A percentage off the goods of one category, or with a coupon off everything."""

    promotion_id: int
    percent: int
    category: str
    first: dt.date
    last: dt.date
    coupons: list[int] = field(default_factory=list)
    uses: dict[int, int] = field(default_factory=dict)
    max_uses: int = 0


# name, percent, category (empty: by coupon), from and to in days before today, coupons, uses each
OFFERS: tuple[tuple[str, int, str, int, int, tuple[str, ...], int], ...] = (
    ("10 % en bebidas", 10, "Bebidas", 60, -30, (), 0),
    ("15 % en ropa de invierno", 15, "Ropa", 200, 140, (), 0),
    ("Campaña escolar", 12, "Útiles escolares", 300, 250, (), 0),
    ("Semana de la tecnología", 8, "Tecnología", 100, 93, (), 0),
    ("Bienvenida", 10, "", 365, -90, ("BIENVENIDO10", "VECINO10", "QHATU10"), 100_000),
    ("Día del cliente", 20, "", 45, 30, ("CLIENTE20",), 200),
)


def add_offers(world: World) -> None:
    """Add the promotions and coupons."""
    promotions, coupons = world.bulk.ids(Promotion), world.bulk.ids(Coupon)
    found = world.bulk.session.execute(sa.select(Category.name, Category.id))
    categories = {name: [key] for name, key in found}
    rows: list[dict[str, Any]] = []
    codes: list[dict[str, Any]] = []
    for priority, (name, percent, category, since, until, names, uses) in enumerate(OFFERS):
        key, last = next(promotions), world.today - dt.timedelta(days=until)
        rows.append(
            {
                "id": key,
                "name": name,
                "type": "percent",
                "value": percent,
                "start_date": at(world.today - dt.timedelta(days=since), 0),
                "end_date": at(last + dt.timedelta(days=1), 0),
                "is_active": last >= world.today,
                "priority": priority,
                "conditions": {"categories": categories[category]}
                if category
                else {"coupon": True},
            }
        )
        codes += [
            {
                "id": next(coupons),
                "code": code,
                "promotion_id": key,
                "max_uses": uses,
                "expires_at": at(last + dt.timedelta(days=1), 0),
            }
            for code in names
        ]
    world.bulk.add(Promotion, rows)
    world.bulk.add(Coupon, codes)


class Offers:
    """Decides which offer applies; one to a basket."""

    def __init__(self, world: World, articles: Sequence[Article], dice: random.Random) -> None:
        self.world, self.articles, self.dice = world, articles, dice
        self.offers = self._read()

    def of_day(self, day: dt.date) -> list[Offer]:
        return [offer for offer in self.offers if offer.first <= day <= offer.last]

    def choose(
        self, offers: Sequence[Offer], indexes: Sequence[int]
    ) -> tuple[Offer | None, int | None, list[int]]:
        """The offer, the coupon, and the percents off each line."""
        for offer in offers:
            if offer.category:
                hits = [self.articles[index].category == offer.category for index in indexes]
                if any(hits):
                    return offer, None, [offer.percent if hit else 0 for hit in hits]
            elif self.dice.random() < COUPON_SHARE:
                coupon = self.dice.choice(offer.coupons)
                if offer.uses[coupon] < offer.max_uses:
                    offer.uses[coupon] += 1
                    return offer, coupon, [offer.percent] * len(indexes)
        return None, None, [0] * len(indexes)

    def save(self) -> None:
        """Write how often each coupon was used."""
        for offer in self.offers:
            for coupon, used in offer.uses.items():
                self.world.bulk.session.execute(
                    sa.update(Coupon).where(Coupon.id == coupon).values(used_count=used)
                )

    def _read(self) -> list[Offer]:
        session = self.world.bulk.session
        ids = dict(session.execute(sa.select(Promotion.name, Promotion.id)).all())
        found = session.execute(sa.select(Coupon.promotion_id, Coupon.id, Coupon.used_count))
        coupons = list(found)
        offers = []
        for name, percent, category, since, until, _names, uses in OFFERS:
            if name not in ids:
                continue
            offer = Offer(
                ids[name],
                percent,
                category,
                self.world.today - dt.timedelta(days=since),
                self.world.today - dt.timedelta(days=until),
                max_uses=uses,
            )
            for promotion, coupon, used in coupons:
                if promotion == ids[name]:
                    offer.coupons.append(coupon)
                    offer.uses[coupon] = used
            if category or offer.coupons:
                offers.append(offer)
        return offers

"""Stock of every variant at every place, kept in memory while the year goes by.

Goods arrive at the warehouse, go to the shops a fortnight's worth at a time, and are sold there.
What is on hand is always the sum of the movements written, and never below zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.demo.rows import NULL, Buffer, moment
from app.demo.world import Place, World
from models.inventory import InventoryMovement, InventoryReservation, InventoryStock

ARRIVAL, TRANSFER = 7 * 3600, 7 * 3600 + 1800
SHOP_DAYS, WAREHOUSE_DAYS = 14, 60
LEAST_SHOP, LEAST_WAREHOUSE = 8, 40


@dataclass(frozen=True, slots=True)
class Article:
    """A variant as it is sold: ``price`` in céntimos, with IGV; ``rate`` in percent."""

    variant_id: int
    sku: str
    description: str
    price: int
    tax_code: str
    rate: int
    unit_cost: str
    category: str


class Stockroom:
    """Places are numbered: the shops from 0, then the warehouse."""

    def __init__(
        self, world: World, articles: Sequence[Article], demand: Sequence[float], out: Buffer
    ) -> None:
        if world.warehouse is None:
            raise ValueError("There is no warehouse.")
        self.world = world
        self.articles = articles
        self.places: list[Place] = [*world.shops, world.warehouse]
        self.warehouse = len(world.shops)
        self.keeper = world.users["warehouse"]
        self.movements = out.lines[InventoryMovement]
        self.reservations = out.lines[InventoryReservation]
        shops = len(world.shops)
        self.to_shop = [LEAST_SHOP + int(day * SHOP_DAYS / shops) for day in demand]
        self.to_warehouse = [LEAST_WAREHOUSE + int(day * WAREHOUSE_DAYS) for day in demand]
        self.on_hand = [[0] * len(articles) for _ in self.places]
        self.reserved = [[0] * len(articles) for _ in self.places]
        self._arrivals = 0
        self._read()

    def stock_up(self, day: dt.date) -> None:
        """A first delivery of everything that isn't there yet."""
        for shop in range(self.warehouse):
            for index in range(len(self.articles)):
                if not self.on_hand[shop][index]:
                    self.replenish(shop, index, 1, day)

    def sell(self, shop: int, index: int, quantity: int, day: dt.date) -> None:
        """Take pieces that will be written as sold; the goods are fetched first if need be."""
        if self.on_hand[shop][index] - self.reserved[shop][index] < quantity:
            self.replenish(shop, index, quantity, day)
        self.on_hand[shop][index] -= quantity

    def write_sale(self, index: int, quantity: int, place_id: int, rest: str) -> None:
        """``rest`` is user, order and time: see :func:`sale_suffix`."""
        article = self.articles[index]
        user, order, when = rest.split("|")
        self.movements.append(
            f"{article.variant_id}\t{place_id}\t{NULL}\t{user}\tsell\t{quantity}\t"
            f"{article.unit_cost}\t{order}\t{NULL}\t{NULL}\t{when}\n"
        )

    def take_back(self, shop: int, index: int, quantity: int, rest: str) -> None:
        article = self.articles[index]
        user, order, when = rest.split("|")
        self.on_hand[shop][index] += quantity
        self.movements.append(
            f"{article.variant_id}\t{NULL}\t{self.places[shop].id}\t{user}\treturn\t{quantity}\t"
            f"{article.unit_cost}\t{order}\t{NULL}\tDevolución del cliente\t{when}\n"
        )

    def reserve(self, shop: int, index: int, quantity: int, rest: str, day: dt.date) -> None:
        """Keep pieces for an order that hasn't left yet."""
        if self.on_hand[shop][index] - self.reserved[shop][index] < quantity:
            self.replenish(shop, index, quantity, day)
        _user, order, when = rest.split("|")
        self.reserved[shop][index] += quantity
        self.reservations.append(
            f"{self.articles[index].variant_id}\t{self.places[shop].id}\torder:{order}\t{order}\t"
            f"{quantity}\t{when}\n"
        )

    def replenish(self, shop: int, index: int, needed: int, day: dt.date) -> None:
        """Bring a batch from the warehouse, and to the warehouse from the supplier."""
        batch = self.to_shop[index] + needed
        if self.on_hand[self.warehouse][index] < batch:
            self._arrive(index, batch, day)
        self._arrivals += 1
        article, note = self.articles[index], f"TR-{day:%y%m%d}-{self._arrivals}"
        home, target = self.places[self.warehouse].id, self.places[shop].id
        rest = f"{batch}\t{article.unit_cost}\t{NULL}\t{note}\t{NULL}\t{moment(day, TRANSFER)}\n"
        self.movements.append(
            f"{article.variant_id}\t{home}\t{NULL}\t{self.keeper}\ttransfer_out\t{rest}"
        )
        self.movements.append(
            f"{article.variant_id}\t{NULL}\t{target}\t{self.keeper}\ttransfer_in\t{rest}"
        )
        self.on_hand[self.warehouse][index] -= batch
        self.on_hand[shop][index] += batch

    def _arrive(self, index: int, needed: int, day: dt.date) -> None:
        pieces = self.to_warehouse[index] + needed
        article = self.articles[index]
        self.movements.append(
            f"{article.variant_id}\t{NULL}\t{self.places[self.warehouse].id}\t{self.keeper}\t"
            f"receive\t{pieces}\t{article.unit_cost}\t{NULL}\tGR-{day:%y%m%d}\t{NULL}\t"
            f"{moment(day, ARRIVAL)}\n"
        )
        self.on_hand[self.warehouse][index] += pieces

    def _read(self) -> None:
        """Start from what the database has, if anything."""
        row = InventoryStock
        self.world.bulk.ids(InventoryStock)  # nobody else changes stock meanwhile
        places = {place.id: number for number, place in enumerate(self.places)}
        numbers = {article.variant_id: number for number, article in enumerate(self.articles)}
        found = self.world.bulk.session.execute(
            sa.select(row.location_id, row.variant_id, row.quantity_on_hand, row.quantity_reserved)
        )
        for location, variant, on_hand, reserved in found:
            if location in places and variant in numbers:
                self.on_hand[places[location]][numbers[variant]] = on_hand
                self.reserved[places[location]][numbers[variant]] = reserved

    def save(self) -> None:
        """Write the stock rows; the movements are written already."""
        rows = [
            (
                place.id,
                article.variant_id,
                self.on_hand[number][index],
                self.reserved[number][index],
            )
            for number, place in enumerate(self.places)
            for index, article in enumerate(self.articles)
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        self.world.bulk.session.execute(
            sa.text(
                "INSERT INTO inventory.inventory_stock AS stock (location_id, variant_id,"
                " quantity_on_hand, quantity_reserved, last_updated_at, last_updated_by)"
                " SELECT place, variant, on_hand, reserved, :now, :keeper"
                " FROM unnest(CAST(:places AS bigint[]), CAST(:variants AS bigint[]),"
                " CAST(:on_hand AS int[]), CAST(:reserved AS int[]))"
                " AS fresh (place, variant, on_hand, reserved)"
                " ON CONFLICT (variant_id, location_id) DO UPDATE"
                " SET quantity_on_hand = EXCLUDED.quantity_on_hand,"
                " quantity_reserved = EXCLUDED.quantity_reserved,"
                " version = stock.version + 1, last_updated_at = EXCLUDED.last_updated_at"
            ),
            {
                "now": self.world.now,
                "keeper": self.keeper,
                **dict(zip(("places", "variants", "on_hand", "reserved"), columns, strict=True)),
            },
        )


def sale_suffix(user: int, order_id: int, when: str) -> str:
    """Who, which order and when, as the stockroom writes them."""
    return f"{user}|{order_id}|{when}"

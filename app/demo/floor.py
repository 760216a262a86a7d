"""Everything the sales of the year share: goods, stock, tills, accounts, offers, documents."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from app.demo.accounts import Accounts
from app.demo.baskets import Baskets
from app.demo.fiscal import Buyer, Fiscal
from app.demo.offers import Offers
from app.demo.rows import Buffer, safe
from app.demo.stockroom import Article, Stockroom
from app.demo.tills import Tills
from app.demo.world import World
from models.customers import Customer
from models.sales import Order


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody wants these articles from a shop, at a second of a day."""

    shop: int
    day: dt.date
    second: int
    articles: list[int]


@dataclass
class Floor:
    world: World
    dice: random.Random
    out: Buffer
    articles: list[Article]
    baskets: Baskets
    stock: Stockroom
    tills: Tills
    accounts: Accounts
    offers: Offers
    fiscal: Fiscal
    buyers: dict[int, Buyer]
    customers: list[int]
    order_ids: Iterator[int]

    def next_order(self) -> int:
        return next(self.order_ids)

    def ticket(self, shop: int) -> str:
        """Numbered as the till does it: ``LIM1-00000042``."""
        code = self.world.shops[shop].code
        return f"{code}-{self.world.number(f'ticket:{code}'):08d}"

    def some_customer(self) -> int:
        """A few customers buy often, most of them rarely."""
        return self.customers[int(self.dice.random() ** 2 * len(self.customers))]

    def flush(self) -> None:
        self.tills.flush()
        self.out.flush()


def read_buyers(world: World) -> dict[int, Buyer]:
    """Live customers with what a document says of them."""
    found = world.bulk.session.execute(
        sa.select(Customer.id, Customer.doc_type, Customer.doc_number, Customer.full_name)
        .where(Customer.is_active, Customer.deleted_at.is_(None))
        .order_by(Customer.id)
    )
    return {key: (kind, number or "-", safe(name)) for key, kind, number, name in found}


def open_floor(world: World, articles: list[Article], orders_a_day: float) -> Floor:
    """Ready to sell; nobody else adds orders meanwhile."""
    dice, out = world.dice("orders"), Buffer(world.bulk)
    baskets = Baskets(articles, world.dice("baskets"))
    buyers = read_buyers(world)
    customers = list(buyers)
    dice.shuffle(customers)
    return Floor(
        world=world,
        dice=dice,
        out=out,
        articles=articles,
        baskets=baskets,
        stock=Stockroom(world, articles, baskets.demand(orders_a_day), out),
        tills=Tills(world, world.dice("tills")),
        accounts=Accounts.read(world, out),
        offers=Offers(world, articles, dice),
        fiscal=Fiscal.read(world, out),
        buyers=buyers,
        customers=customers,
        order_ids=world.bulk.ids(Order),
    )

"""A busy day in several processes that are killed at any statement: nothing half-done is left.

``QHATU_STORM_ROUNDS`` makes the day longer, ``QHATU_STORM_SEED`` another one.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal

import sqlalchemy as sa
from flask import Flask

from app.actor import Actor
from app.db import session
from app.domain.tenders import Tender
from app.errors import DomainError
from app.services.sales.add_cash_movement import AddCashMovement, add_cash_movement
from app.services.sales.cancel_order import CancelOrder, cancel_order
from app.services.sales.checkout import checkout
from app.services.sales.exchange_order import ExchangeOrder, exchange_order
from app.services.sales.order_account import read_account
from app.services.sales.pay_order import PayOrder, pay_order
from app.services.sales.place_order import OrderedLine, PlaceOrder, place_order
from app.services.sales.price_cart import SaleLine
from app.services.sales.read_return import quote_cancel
from app.services.sales.return_items import ReturnedItem
from app.services.sales.return_order import ReturnOrder, return_order
from app.services.sales.transition_order import TransitionOrder, transition_order
from models.inventory import InventoryStock, StockCount, StockTransfer
from models.sales import Order, OrderReturn
from tests.inventory.warehouse import adjust, approve, arrive, begin_count, dispatch, found
from tests.processes import KILLED, ended, in_a_process
from tests.sales.ordering import ADDRESS, person
from tests.sales_returns.counter import LATER, acting, add_buyer, as_proposed, wrong_books
from tests.services.shop import NOW, Shop, add_variant, new_key, open_shop, receive

ROUNDS = int(os.environ.get("QHATU_STORM_ROUNDS", "5"))
SEED = int(os.environ.get("QHATU_STORM_SEED", "1"))
PROCESSES = 4
STEPS = 10
DEADLY = 260  # statements that a process usually gets to
PRICES = ("10.37", "20.04", "3.50")


@dataclass(frozen=True, slots=True)
class Day:
    """Two tills of two places, three kinds of goods in both, three customers."""

    shops: tuple[Shop, Shop]
    goods: tuple[int, ...]
    buyers: tuple[int, ...]
    manager: Actor


@dataclass(slots=True)
class Worker:
    """Does whatever comes to mind; a refusal is an outcome like any other."""

    day: Day
    dice: random.Random

    def work(self) -> None:
        acts = (
            *(self.sell,) * 4, *(self.bring_back,) * 3, *(self.place,) * 2, *(self.pay,) * 3,
            *(self.move,) * 3, self.exchange, self.cancel, self.cash, self.transfer, self.arrive,
            self.adjust, self.count, self.receive,
        )  # fmt: skip
        for _ in range(STEPS):
            with suppress(DomainError):
                self.dice.choice(acts)()
            session().rollback()

    @property
    def shop(self) -> Shop:
        return self.dice.choice(self.day.shops)

    def some(self, of: sa.Select[tuple[int]]) -> int:
        """One that such a query finds; nothing to do without one."""
        keys = session().scalars(of.limit(20)).all()
        if not keys:
            raise DomainError("Nothing there")
        return self.dice.choice(keys)

    def pieces(self, most: int = 3) -> dict[int, int]:
        chosen = self.dice.sample(self.day.goods, self.dice.randint(1, 2))
        return {variant: self.dice.randint(1, most) for variant in chosen}

    def tenders(self, total: Decimal) -> tuple[Tender, ...]:
        half = (total / 2).quantize(Decimal("0.01"))
        by_card = Tender("card", half, "1")
        return self.dice.choice(
            [
                (Tender("cash", Decimal(500)),),
                (Tender("card", total, "1"),),
                (by_card, Tender("cash", Decimal(500))),
                (by_card, Tender("wallet", total - half)),
                (by_card, Tender("credit", total - half)),
                (by_card, Tender("points", total - half)),
            ]
        )

    def sell(self) -> None:
        shop, pieces = self.shop, self.pieces()
        total = price_of(self.day, pieces)
        command = replace(
            shop.command(pieces, str(total), "0"),
            tenders=self.tenders(total),
            customer_id=self.dice.choice(self.day.buyers),
        )
        checkout(command, actor=shop.actor, now=NOW)

    def bring_back(self) -> None:
        shop = self.shop
        order, items = self.sold()
        refunds = as_proposed(order, items, shop.actor)
        command = ReturnOrder(new_key(), order, items, "Why", refunds, shop.till)
        return_order(command, actor=shop.actor, now=LATER)

    def exchange(self) -> None:
        shop, pieces = self.shop, self.pieces(1)
        order, items = self.sold()
        total = price_of(self.day, pieces)
        lines = tuple(SaleLine(variant, count) for variant, count in pieces.items())
        cash = (Tender("cash", Decimal(500)),)
        command = ExchangeOrder(
            new_key(), shop.till, order, items, "Another", lines, total, tenders=cash
        )
        exchange_order(command, actor=shop.actor, now=LATER)

    def sold(self) -> tuple[int, tuple[ReturnedItem, ...]]:
        states = ("completed", "delivered")
        key = self.some(sa.select(Order.id).where(Order.status.in_(states)))
        items = session().get_one(Order, key).items
        chosen = self.dice.sample(items, self.dice.randint(1, len(items)))
        return key, tuple(
            ReturnedItem(item.id, self.dice.randint(1, item.quantity)) for item in chosen
        )

    def place(self) -> None:
        pieces = self.pieces(2)
        command = PlaceOrder(
            new_key(), self.shop.location, self.dice.choice(self.day.buyers),
            tuple(OrderedLine(variant, count) for variant, count in pieces.items()),
            price_of(self.day, pieces), delivery_address=ADDRESS,
        )  # fmt: skip
        place_order(command, actor=self.day.manager, now=NOW)

    def pay(self) -> None:
        open_ = sa.select(Order.id).where(Order.payment_status.in_(["unpaid", "partially_paid"]))
        order = session().get_one(Order, self.some(open_.where(Order.channel == "phone")))
        due = read_account(order).unpaid
        part = due if self.dice.random() < 0.7 else Decimal("1.00")
        tender = Tender("transfer", part, "OP-1")
        pay_order(PayOrder(new_key(), order.id, (tender,)), actor=self.day.manager, now=NOW)

    def move(self) -> None:
        order = self.some(sa.select(Order.id).where(Order.channel == "phone"))
        after = self.dice.choice(["picking", "shipped", "delivered", "cancelled"])
        command = TransitionOrder(order, after, "Why not")
        transition_order(command, actor=self.day.manager, now=NOW)

    def cancel(self) -> None:
        shop = self.shop
        order = self.some(sa.select(Order.id).where(Order.channel == "phone"))
        due = quote_cancel(order, actor=shop.actor)
        refunds = tuple(Tender(method, amount, "R") for method, amount in due.refunds.items())
        command = CancelOrder(new_key(), order, "Never mind", refunds, shop.till)
        cancel_order(command, actor=shop.actor, now=NOW)

    def cash(self) -> None:
        shop, way = self.shop, self.dice.choice(["in", "out"])
        command = AddCashMovement(new_key(), shop.till, way, Decimal("7.50"), "Coins")
        add_cash_movement(command, actor=shop.actor, now=NOW)

    def transfer(self) -> None:
        source, target = self.dice.sample(self.day.shops, 2)
        dispatch(source.location, target.location, self.pieces())

    def arrive(self) -> None:
        arrive(self.some(sa.select(StockTransfer.id).where(StockTransfer.status != "received")))

    def adjust(self) -> None:
        change = self.dice.choice([-2, -1, 3])
        adjust(self.shop.location, {self.dice.choice(self.day.goods): change})

    def count(self) -> None:
        if self.dice.random() < 0.3:
            begin_count(self.shop.location)
        key = self.some(sa.select(StockCount.id).where(StockCount.status == "open"))
        found(key, self.dice.choice(self.day.goods), self.dice.randint(0, 30))
        if self.dice.random() < 0.5:
            approve(key)

    def receive(self) -> None:
        receive(self.shop.location, self.pieces(9))


def price_of(day: Day, pieces: dict[int, int]) -> Decimal:
    prices = dict(zip(day.goods, PRICES, strict=True))
    return sum((Decimal(prices[one]) * count for one, count in pieces.items()), Decimal(0))


def begin_day() -> Day:
    goods = tuple(add_variant(price) for price in PRICES)
    shops = tuple(open_shop(name) for name in ("cashier", "seller"))
    for shop in shops:
        shop.actor = acting(shop.actor)
        receive(shop.location, dict.fromkeys(goods, 40))
    buyers = tuple(add_buyer() for _ in range(3))
    return Day(shops, goods, buyers, person("manager"))


def no_gaps(numbers: list[str]) -> bool:
    """Numbers of each series run from 1 without a hole."""
    series: dict[str, list[int]] = {}
    for number in numbers:
        name, _dash, count = number.rpartition("-")
        series.setdefault(name, []).append(int(count.lstrip("D")))
    return all(sorted(found) == list(range(1, len(found) + 1)) for found in series.values())


def test_a_day_of_kills_leaves_books_that_agree_and_numbers_without_gaps(real_app: Flask) -> None:
    day, dice = begin_day(), random.Random(SEED)  # noqa: S311 - nothing secret
    ends: Counter[int] = Counter()
    for _round in range(ROUNDS):
        children = [
            in_a_process(
                real_app,
                Worker(day, random.Random(dice.random())).work,  # noqa: S311 - nothing secret
                dies_at=dice.randint(1, DEADLY) if number else 0,
            )
            for number in range(PROCESSES)
        ]
        ends.update(ended(child) for child in children)
        session().rollback()
        assert wrong_books() == {}
    assert set(ends) <= {0, KILLED}, ends
    assert min(ends[0], ends[KILLED]) >= ROUNDS, ends
    sold = sa.select(Order.order_number).where(Order.channel == "pos")
    assert no_gaps(list(session().scalars(sold)))
    assert no_gaps(list(session().scalars(sa.select(OrderReturn.number))))
    lowest = session().scalar(sa.select(sa.func.min(InventoryStock.quantity_available)))
    assert lowest is not None
    assert lowest >= 0
    assert len(set(session().scalars(sa.select(Order.status)))) >= 5

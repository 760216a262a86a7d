"""Checkout under real concurrency and sudden death: threads and processes with real commits."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import atomic, session
from app.services.inventory.errors import InsufficientStockError
from app.services.sales.checkout import checkout
from app.services.sales.errors import CouponError
from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
from models.inventory import InventoryMovement
from models.platform import IdempotencyKey, NumberSequence
from models.sales import Coupon, Order, OrderPayment, Promotion
from tests.rows import make_row
from tests.services.shop import (
    NOW,
    Shop,
    add_variant,
    cashier,
    ledger_sum,
    new_key,
    on_hand,
    open_shop,
    receive,
)

BUYERS = 6


@pytest.fixture
def real_app(make_app, fresh_database: str) -> Iterator[Flask]:
    """An application on a database of its own, where commits are real."""
    app = make_app(fresh_database)
    with app.app_context():
        yield app


def at_once(app: Flask, works: list[Callable[[], object]]) -> list[object]:
    """Run each in a thread with a context of its own, all starting together; give what each
    returned or raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        with app.app_context():
            start.wait(10)
            try:
                return work()
            except Exception as error:  # noqa: BLE001 - judged by the test
                return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def count(model: type) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_one_key_from_many_threads_is_one_sale(real_app: Flask) -> None:
    shop, variant = open_shop(), add_variant("2")
    receive(shop.location, {variant: 100})
    key = new_key()
    sales = at_once(real_app, [lambda: shop.sell({variant: 1}, "2", "2", key)] * BUYERS)
    assert len({sale.order_id for sale in sales}) == 1
    assert sorted(sale.replayed for sale in sales) == [False] + [True] * (BUYERS - 1)
    session().rollback()
    assert (count(Order), count(OrderPayment)) == (1, 1)
    assert on_hand(shop.location, variant) == 99


def test_a_hot_product_is_never_oversold(real_app: Flask) -> None:
    shop, variant = open_shop(), add_variant("2")
    receive(shop.location, {variant: 4})
    buyers = [lambda: shop.sell({variant: 1}, "2", "2")] * (BUYERS * 2)
    outcomes = at_once(real_app, buyers)
    refused = [outcome for outcome in outcomes if isinstance(outcome, InsufficientStockError)]
    assert len(outcomes) - len(refused) == 4
    session().rollback()
    assert on_hand(shop.location, variant) == ledger_sum(shop.location, variant) == 0
    numbers = session().scalars(sa.select(Order.order_number).order_by(Order.order_number)).all()
    assert [int(number[-8:]) for number in numbers] == [1, 2, 3, 4]


def test_carts_in_opposite_order_do_not_wait_for_each_other(real_app: Flask) -> None:
    shop, variants = open_shop(), [add_variant("1") for _ in range(5)]
    receive(shop.location, dict.fromkeys(variants, 1000))

    def buy(order: list[int]) -> Callable[[], object]:
        return lambda: [shop.sell(dict.fromkeys(order, 1), "5", "5") for _ in range(5)]

    outcomes = at_once(real_app, [buy(variants), buy(variants[::-1])] * 3)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    session().rollback()
    for variant in variants:
        assert on_hand(shop.location, variant) == ledger_sum(shop.location, variant) == 970


def test_two_cashiers_sell_the_last_piece_once(real_app: Flask) -> None:
    one, variant = open_shop("cashier"), add_variant("1")
    manager = cashier("manager")
    till = open_cash_session(OpenCashSession(one.location, Decimal(0)), actor=manager, now=NOW)
    other = Shop(one.location, till, manager)
    receive(one.location, {variant: 1})
    outcomes = at_once(real_app, [lambda s=s: s.sell({variant: 1}, "1", "1") for s in (one, other)])
    assert [type(o) for o in outcomes].count(InsufficientStockError) == 1


def test_a_coupon_is_never_used_more_often_than_allowed(real_app: Flask) -> None:
    shop, variant = open_shop(), add_variant("10")
    receive(shop.location, {variant: 100})
    with atomic():
        offer = make_row(
            Promotion, type="percent", value=10, is_active=True, conditions={"coupon": True},
            start_date=NOW - dt.timedelta(days=1), end_date=None,
        )  # fmt: skip
        make_row(Coupon, promotion_id=offer.id, code="HOT", max_uses=3)
    session().rollback()

    def buy() -> object:
        command = replace(shop.command({variant: 1}, "9", "9"), coupon="HOT")
        return checkout(command, actor=shop.actor, now=NOW)

    outcomes = at_once(real_app, [buy] * (BUYERS * 2))
    refused = [outcome for outcome in outcomes if isinstance(outcome, CouponError)]
    assert len(outcomes) - len(refused) == 3, outcomes
    session().rollback()
    assert session().scalar(sa.select(Coupon.used_count)) == 3
    assert on_hand(shop.location, variant) == ledger_sum(shop.location, variant) == 97


def fork_and_sell(app: Flask, shop: Shop, variant: int, key: str, *, dies_at: int) -> int:
    """Sell in a process of its own that is killed after that many statements; give how it ended
    (minus the number of the signal)."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        from app.extensions import db

        db.engine.dispose(close=False)  # the parent's connections are not ours
        with app.app_context():
            seen = itertools.count(1)

            @sa.event.listens_for(db.engine, "after_cursor_execute")
            def die(*_event: object) -> None:
                if next(seen) == dies_at:
                    os.kill(os.getpid(), signal.SIGKILL)

            shop.sell({variant: 1}, "2", "5", key)
        os._exit(0)
    finally:
        os._exit(1)


@pytest.mark.parametrize("statement", range(1, 16, 2))
def test_a_process_killed_inside_the_transaction_leaves_nothing(
    real_app: Flask, statement: int
) -> None:
    shop, variant = open_shop(), add_variant("2")
    receive(shop.location, {variant: 5})
    before, key = count(InventoryMovement), new_key()
    session().commit()
    ended = fork_and_sell(real_app, shop, variant, key, dies_at=statement)
    assert ended == -signal.SIGKILL
    assert (count(Order), count(OrderPayment), count(InventoryMovement)) == (0, 0, before)
    claims = sa.select(IdempotencyKey).where(IdempotencyKey.key == key)
    assert session().scalar(claims) is None
    assert session().scalar(sa.select(NumberSequence.current)) is None
    assert on_hand(shop.location, variant) == 5
    session().commit()
    assert fork_and_sell(real_app, shop, variant, key, dies_at=10**6) == 0
    assert (count(Order), on_hand(shop.location, variant)) == (1, 4)

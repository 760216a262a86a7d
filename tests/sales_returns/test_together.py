"""Returns under real concurrency and sudden death: processes and threads with real commits."""

from __future__ import annotations

import itertools
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import session
from app.domain.tenders import Tender
from app.services.sales.return_errors import TooManyBackError
from app.services.sales.return_items import ReturnedItem
from app.services.sales.return_order import ReturnOrder, return_order
from models.platform import IdempotencyKey
from models.sales import OrderPayment, OrderReturn
from tests.sales_returns.counter import LATER, add_buyer, open_counter, order_of, sell, wrong_books
from tests.services.shop import Shop, add_variant, ledger_sum, new_key, on_hand, receive


@pytest.fixture
def real_app(make_app, fresh_database: str) -> Iterator[Flask]:
    """An application on a database of its own, where commits are real."""
    app = make_app(fresh_database)
    with app.app_context():
        yield app


@pytest.fixture
def sold(real_app) -> tuple[Shop, int, ReturnOrder]:
    """A shop, its goods, and the return of two of the three pieces that were sold."""
    shop, variant = open_counter(), add_variant("10.00")
    receive(shop.location, {variant: 5})
    order = sell(shop, {variant: 3}, "30.00", customer_id=add_buyer(points=0))
    command = ReturnOrder(
        new_key(), order.id, (ReturnedItem(order.items[0].id, 2),), "Why",
        (Tender("cash", Decimal(20)),), shop.till,
    )  # fmt: skip
    session().commit()
    return shop, variant, command


def at_once(app: Flask, works: list) -> list[object]:
    """Run each in a thread with a context of its own, all starting together."""
    start = threading.Barrier(len(works))

    def run(work) -> object:
        with app.app_context():
            start.wait(10)
            try:
                return work()
            except Exception as error:  # noqa: BLE001 - judged by the test
                return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def in_a_process(app: Flask, shop: Shop, command: ReturnOrder, *, dies_at: int = 0) -> int:
    """Take back in a process of its own, killed after that many statements; give its number."""
    child = os.fork()
    if child:
        return child
    try:
        from app.extensions import db

        db.engine.dispose(close=False)  # the parent's connections are not ours
        with app.app_context():
            seen = itertools.count(1)

            @sa.event.listens_for(db.engine, "after_cursor_execute")
            def die(*_event: object) -> None:
                if next(seen) == dies_at:
                    os.kill(os.getpid(), signal.SIGKILL)

            try:
                return_order(command, actor=shop.actor, now=LATER)
            except TooManyBackError:
                os._exit(9)
        os._exit(0)
    finally:
        os._exit(1)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def count(model: type) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_process_killed_inside_a_return_leaves_nothing_and_of_two_one_wins(
    real_app, sold
) -> None:
    shop, variant, command = sold
    for statement in (2, 9, 16, 23, 29):
        assert ended(in_a_process(real_app, shop, command, dies_at=statement)) == -signal.SIGKILL
        session().rollback()
        assert (count(OrderReturn), count(OrderPayment)) == (0, 1)
        claims = sa.select(IdempotencyKey).where(IdempotencyKey.key == command.key)
        assert session().scalar(claims) is None
        assert order_of(command.order_id).items[0].returned_quantity == 0
    session().commit()
    both = [in_a_process(real_app, shop, replace(command, key=new_key())) for _ in range(2)]
    assert sorted(map(ended, both)) == [0, 9]
    session().rollback()
    assert order_of(command.order_id).items[0].returned_quantity == 2
    assert count(OrderReturn) == 1
    assert on_hand(shop.location, variant) == ledger_sum(shop.location, variant) == 4
    assert wrong_books() == {}


def test_one_key_is_one_return_and_returns_and_sales_do_not_wait_for_ever(real_app, sold) -> None:
    shop, variant, command = sold
    one = replace(
        command,
        items=(replace(command.items[0], quantity=1),),
        refunds=(Tender("cash", Decimal(10)),),
    )
    done = at_once(real_app, [lambda: return_order(one, actor=shop.actor, now=LATER)] * 4)
    assert len({each.return_id for each in done}) == 1
    assert sorted(each.replayed for each in done) == [False] + [True] * 3
    session().rollback()
    assert (count(OrderReturn), count(OrderPayment)) == (1, 2)
    buyer = order_of(command.order_id).customer_id
    session().commit()

    def back() -> object:
        return return_order(replace(one, key=new_key()), actor=shop.actor, now=LATER)

    def buy() -> object:
        return sell(shop, {variant: 1}, "10.00", customer_id=buyer)

    outcomes = at_once(real_app, [back, buy, back, buy])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    session().rollback()
    assert on_hand(shop.location, variant) == ledger_sum(shop.location, variant) == 3
    assert wrong_books() == {}

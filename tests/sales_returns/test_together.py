"""Returns under real concurrency and sudden death: processes and threads with real commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import session
from app.domain.tenders import Tender
from app.services.sales.return_errors import TooManyBackError
from app.services.sales.return_items import ReturnedItem
from app.services.sales.return_order import ReturnOrder, return_order
from models.platform import IdempotencyKey
from models.sales import OrderPayment, OrderReturn
from tests.processes import KILLED, at_once, ended, in_a_process, in_processes
from tests.sales_returns.counter import LATER, add_buyer, open_counter, order_of, sell, wrong_books
from tests.services.shop import Shop, add_variant, ledger_sum, new_key, on_hand, receive

TOO_MANY = 9


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


def count(model: type) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_process_killed_inside_a_return_leaves_nothing_and_of_two_one_wins(
    real_app, sold
) -> None:
    shop, variant, command = sold

    def back() -> object:
        return return_order(command, actor=shop.actor, now=LATER)

    def again() -> Callable[[], object]:
        other = replace(command, key=new_key())

        def work() -> object:
            try:
                return return_order(other, actor=shop.actor, now=LATER)
            except TooManyBackError:
                return TOO_MANY

        return work

    for statement in (2, 9, 16, 23, 29):
        assert ended(in_a_process(real_app, back, dies_at=statement)) == KILLED
        session().rollback()
        assert (count(OrderReturn), count(OrderPayment)) == (0, 1)
        claims = sa.select(IdempotencyKey).where(IdempotencyKey.key == command.key)
        assert session().scalar(claims) is None
        assert order_of(command.order_id).items[0].returned_quantity == 0
    session().commit()
    assert sorted(in_processes(real_app, [again(), again()])) == [0, TOO_MANY]
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

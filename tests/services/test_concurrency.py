"""Checkout under real concurrency and sudden death: threads and processes with real commits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
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
from tests.processes import KILLED, at_once, ended, in_a_process
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


@pytest.mark.parametrize("statement", range(1, 16, 2))
def test_a_process_killed_inside_the_transaction_leaves_nothing(
    real_app: Flask, statement: int
) -> None:
    shop, variant = open_shop(), add_variant("2")
    receive(shop.location, {variant: 5})
    before, key = count(InventoryMovement), new_key()
    session().commit()

    def sell() -> object:
        return shop.sell({variant: 1}, "2", "5", key)

    assert ended(in_a_process(real_app, sell, dies_at=statement)) == KILLED
    assert (count(Order), count(OrderPayment), count(InventoryMovement)) == (0, 0, before)
    claims = sa.select(IdempotencyKey).where(IdempotencyKey.key == key)
    assert session().scalar(claims) is None
    assert session().scalar(sa.select(NumberSequence.current)) is None
    assert on_hand(shop.location, variant) == 5
    session().commit()
    assert ended(in_a_process(real_app, sell)) == 0
    assert (count(Order), on_hand(shop.location, variant)) == (1, 4)

"""Tills under real concurrency and sudden death: closing while selling, a killed close."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa
from flask import Flask

from app.db import session
from app.services.sales.checkout import Sale, checkout
from app.services.sales.errors import CashSessionClosedError
from app.services.sales.park_sale import ParkSale, park_sale
from app.services.sales.price_cart import SaleLine
from app.services.sales.recall_sale import RecallSale, recall_sale
from app.services.sales.save_quotation import SaveQuotation, save_quotation
from app.services.sales.saved_carts import RecalledCart
from app.services.sales.saved_errors import ParkedSaleGoneError, QuotationUsedError
from models.platform import NumberSequence
from models.sales import CashSession, Order, OrderPayment, ZReport
from tests.processes import KILLED, at_once, ended, in_a_process
from tests.services.shop import NOW, add_variant, new_key, open_shop, receive
from tests.services.till_work import close, person, report_of

SELLERS = 6


def test_a_sale_is_in_the_session_or_refused(real_app: Flask) -> None:
    shop, variant = open_shop(), add_variant("2")
    receive(shop.location, {variant: 100})

    def sell() -> object:
        return [shop.sell({variant: 1}, "2", "2") for _sale in range(3)]

    works = [sell] * SELLERS
    outcomes = at_once(real_app, [*works, lambda: close(shop, "50", notes="x")])
    session().rollback()
    closed = outcomes[-1]
    assert not isinstance(closed, Exception), closed
    others = [one for one in outcomes[:-1] if isinstance(one, Exception)]
    assert {type(one) for one in others} <= {CashSessionClosedError}
    sold = session().scalar(sa.select(sa.func.count()).select_from(Order)) or 0
    paid = session().scalar(sa.select(sa.func.sum(OrderPayment.amount))) or Decimal(0)
    till = session().get_one(CashSession, shop.till)
    assert till.expected_cash == 50 + paid == 50 + 2 * sold
    if till.status == "closed":
        assert report_of(shop).sales == sold


def test_one_of_many_tills_gets_the_parked_sale(real_app: Flask) -> None:
    shop, variant = open_shop(), add_variant("2")
    shop.actor = person("cashier")
    receive(shop.location, {variant: 10})
    asked = ParkSale(new_key(), shop.till, "Rosa", (SaleLine(variant, 1),))
    parked = park_sale(asked, actor=shop.actor, now=NOW).result["parked_id"]
    session().commit()

    def take() -> object:
        command = RecallSale(new_key(), shop.till, parked)
        return recall_sale(command, actor=shop.actor, now=NOW)

    outcomes = at_once(real_app, [take] * SELLERS)
    kinds = [type(one) for one in outcomes]
    assert kinds.count(RecalledCart) == 1
    assert kinds.count(ParkedSaleGoneError) == SELLERS - 1


def test_a_quotation_is_sold_once_by_many_tills(real_app: Flask) -> None:
    from dataclasses import replace

    shop, variant = open_shop(), add_variant("2")
    shop.actor = person("cashier")
    receive(shop.location, {variant: 100})
    asked = SaveQuotation(new_key(), shop.till, (SaleLine(variant, 1),))
    made = save_quotation(asked, actor=shop.actor, now=NOW).result["quotation_id"]
    session().commit()

    def sell() -> object:
        command = replace(shop.command({variant: 1}, "2", "2"), quotation_id=made)
        return checkout(command, actor=shop.actor, now=NOW)

    kinds = [type(one) for one in at_once(real_app, [sell] * SELLERS)]
    assert (kinds.count(Sale), kinds.count(QuotationUsedError)) == (1, SELLERS - 1)


def test_a_close_that_is_killed_leaves_the_session_open_and_no_gap(real_app: Flask) -> None:
    shop = open_shop()

    def count() -> object:
        return close(shop, "49")

    for statement in (1, 3, 6, 9, 12, 15):
        assert ended(in_a_process(real_app, count, dies_at=statement)) == KILLED
        state = sa.select(CashSession.status).where(CashSession.id == shop.till)
        assert session().scalar(state) == "open"
        assert session().scalar(sa.select(sa.func.count()).select_from(ZReport)) == 0
        assert session().scalar(sa.select(NumberSequence.current)) is None
        session().commit()
    assert ended(in_a_process(real_app, count)) == 0
    assert session().scalar(sa.select(ZReport.number)).endswith("-00000001")

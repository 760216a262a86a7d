"""Goods come back and pay for others, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import session
from app.domain.tenders import Tender
from app.errors import ForbiddenError
from app.services.customers.loyalty import balance_of
from app.services.inventory.errors import InsufficientStockError
from app.services.sales.cash_sessions import read_cash_position
from app.services.sales.errors import NotPaidError, PriceChangedError
from app.services.sales.exchange_order import ExchangeOrder, exchange_order
from app.services.sales.price_cart import SaleLine
from app.services.sales.return_errors import NotRefundedError, RefundNotAllowedError
from app.services.sales.return_items import ReturnedItem
from app.services.sales.save_quotation import SaveQuotation, save_quotation
from app.services.sales.saved_errors import QuotationUsedError
from models.catalog import ProductVariant
from models.sales import CashSession, Order, OrderReturn, Quotation
from tests.sales_returns.counter import (
    LATER,
    acting,
    add_buyer,
    moved,
    open_counter,
    order_of,
    sell,
    wrong_books,
)
from tests.services.shop import add_variant, new_key, on_hand, receive


@pytest.fixture
def shop(db_session):
    return open_counter()


@pytest.fixture
def goods(shop) -> tuple[int, int]:
    """A variant at S/ 20.04 and one at S/ 12.37, ten of each."""
    variants = (add_variant("20.04"), add_variant("12.37"))
    receive(shop.location, dict.fromkeys(variants, 10))
    return variants


def swap(shop, order, wanted: int, total: str, *, pieces: int = 1, **given):
    command = ExchangeOrder(
        **{
            "key": new_key(),
            "cash_session_id": shop.till,
            "order_id": order.id,
            "items": (ReturnedItem(order.items[0].id, 1),),
            "reason": "Another one, please",
            "lines": (SaleLine(wanted, pieces),),
            "expected_total": Decimal(total),
            **given,
        }
    )
    done = exchange_order(command, actor=shop.actor, now=LATER)
    session().expire_all()
    return done


def cash(amount: str) -> tuple[Tender, ...]:
    return (Tender("cash", Decimal(amount)),)


def in_till(shop) -> Decimal:
    return read_cash_position(session().get_one(CashSession, shop.till)).expected


def test_the_customer_pays_the_difference(shop, goods):
    cheap, dear = goods[1], goods[0]
    order = sell(shop, {cheap: 1}, "12.37")
    done = swap(shop, order, dear, "20.04", tenders=cash("10.00"))
    assert (done.worth, done.sale.change) == (Decimal("12.30"), Decimal("2.30"))
    assert done.sale.to_pay == Decimal("20.00")  # 7.74 in cash is 7.70
    assert moved(order_of(done.sale.order_id)) == {
        "exchange": Decimal("12.30"), "cash": Decimal("7.70"),
    }  # fmt: skip
    assert moved(order) == {"cash": Decimal("12.30"), "exchange": Decimal("-12.30")}
    assert in_till(shop) == Decimal("70.00")
    row = session().get_one(OrderReturn, done.returned.return_id)
    assert (row.kind, row.exchange_order_id) == ("exchange", done.sale.order_id)
    assert (on_hand(shop.location, cheap), on_hand(shop.location, dear)) == (10, 9)
    assert order_of(order.id).status == "returned"
    assert wrong_books() == {}


def test_the_customer_gets_the_difference(shop, goods):
    order = sell(shop, {goods[0]: 1}, "20.04")
    done = swap(shop, order, goods[1], "12.37", refunds=cash("7.70"))
    assert (done.worth, done.sale.to_pay) == (Decimal("12.30"), Decimal("12.30"))
    assert in_till(shop) == Decimal("62.30")
    assert wrong_books() == {}


def test_what_was_paid_by_card_pays_exactly(shop, goods):
    order = sell(shop, {goods[0]: 1}, "20.04", Tender("card", Decimal("20.04"), "1"))
    back = (Tender("card", Decimal("7.67"), "2"),)
    done = swap(shop, order, goods[1], "12.37", refunds=back)
    assert (done.worth, done.sale.to_pay) == (Decimal("12.37"), Decimal("12.37"))
    assert wrong_books() == {}


def test_a_quotation_keeps_its_prices_in_an_exchange_too(shop, goods):
    order, other = (sell(shop, {goods[1]: 1}, "12.37") for _ in range(2))
    asked = SaveQuotation(new_key(), shop.till, (SaleLine(goods[0], 1),))
    quotation = save_quotation(asked, actor=shop.actor, now=LATER).result["quotation_id"]
    session().get_one(ProductVariant, goods[0]).price_override = Decimal("50.00")
    session().commit()
    done = swap(shop, order, goods[0], "20.04", tenders=cash("10.00"), quotation_id=quotation)
    assert order_of(done.sale.order_id).items[0].unit_price == Decimal("20.04")
    assert session().get_one(Quotation, quotation).order_id == done.sale.order_id
    with pytest.raises(QuotationUsedError):
        swap(shop, other, goods[0], "20.04", tenders=cash("10.00"), quotation_id=quotation)


def test_the_same_goods_are_exchanged_when_none_are_left(shop, goods):
    order = sell(shop, {goods[0]: 10}, "200.40")
    done = swap(shop, order, goods[0], "20.04")
    assert done.sale.to_pay == done.worth == Decimal("20.00")
    assert on_hand(shop.location, goods[0]) == 0
    assert order_of(order.id).status == "completed"


def test_points_come_back_first_and_may_pay_again(shop, goods):
    buyer = add_buyer(points=1000)
    before = balance_of(buyer)
    points = Tender("points", Decimal("10.00"))
    order = sell(
        shop, {goods[0]: 1}, "20.04", points, Tender("cash", Decimal(20)), customer_id=buyer
    )
    done = swap(shop, order, goods[0], "20.04", tenders=(points,), customer_id=buyer)
    assert done.worth == Decimal("10.04")
    assert balance_of(buyer) < before
    assert wrong_books() == {}


def test_one_key_is_one_exchange(shop, goods):
    order, key = sell(shop, {goods[0]: 2}, "40.08"), new_key()
    first = swap(shop, order, goods[0], "20.04", key=key)
    again = swap(shop, order, goods[0], "20.04", key=key)
    assert again.sale == replace(first.sale, replayed=True)
    assert session().scalar(sa.select(sa.func.count()).select_from(Order)) == 2


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"pieces": 11, "total": "136.07", "tenders": cash("200")}, InsufficientStockError),
        ({"total": "12.00", "refunds": cash("8.00")}, PriceChangedError),
        ({"refunds": ()}, NotRefundedError),
        ({"refunds": cash("7.60")}, NotRefundedError),
        ({"pieces": 2, "total": "24.74", "refunds": ()}, NotPaidError),
    ],
)
def test_either_both_happen_or_neither(shop, goods, change, error):
    order = sell(shop, {goods[0]: 1}, "20.04")
    given = {"total": "12.37", "refunds": cash("7.70"), **change}
    if "pieces" in change:
        given["refunds"] = ()
    with pytest.raises(error):
        swap(shop, order, goods[1], given.pop("total"), **given)
    session().expire_all()
    assert order_of(order.id).status == "completed"
    assert (on_hand(shop.location, goods[0]), on_hand(shop.location, goods[1])) == (9, 10)
    assert session().scalar(sa.select(sa.func.count()).select_from(Order)) == 1
    assert session().scalar(sa.select(sa.func.count()).select_from(OrderReturn)) == 0


def test_it_needs_the_right_and_the_limit_of_a_return(shop, goods):
    order = sell(shop, {goods[0]: 1}, "20.04")
    seller = acting(shop.actor, rights=frozenset({"sales.till:create"}))
    with pytest.raises(ForbiddenError):
        exchange_order(_plain(shop, order, goods[0]), actor=seller, now=LATER)
    with pytest.raises(RefundNotAllowedError):
        exchange_order(_plain(shop, order, goods[0]), actor=acting(shop.actor, 10), now=LATER)


def _plain(shop, order, wanted: int) -> ExchangeOrder:
    return ExchangeOrder(
        new_key(), shop.till, order.id, (ReturnedItem(order.items[0].id, 1),), "Why",
        (SaleLine(wanted, 1),), Decimal("20.04"),
    )  # fmt: skip

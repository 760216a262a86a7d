"""What settings change: a sale, its receipt, how often an e-mail is tried."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.actor import system_actor
from app.db import session
from app.domain.cash_rounding import cash_rounding
from app.services.sales.read_receipt import read_receipt
from models.platform import IdempotencyKey
from models.sales import Order
from tests.services.settings import change
from tests.services.shop import NOW, Shop, add_variant, open_shop, receive


@pytest.fixture
def shop(db_session) -> Shop:
    return open_shop()


def sold(shop: Shop, price: str) -> Order:
    variant = add_variant(price)
    receive(shop.location, {variant: 5})
    return session().get_one(Order, shop.sell({variant: 1}, price, "50").order_id)


@pytest.mark.parametrize(("coin", "to_pay"), [("0.10", "9.90"), ("0.05", "9.95"), ("0.00", "9.99")])
def test_totals_in_cash_are_rounded_to_the_coin_of_the_business(shop, coin, to_pay):
    change("sales.cash_rounding", coin)
    assert sold(shop, "9.99").grand_total == Decimal(to_pay)


def test_rounding_to_no_coin_leaves_the_total():
    assert cash_rounding(Decimal("9.99"), Decimal(0)) == 0


def test_tax_is_that_of_the_rate_in_force(shop):
    change("tax.igv_rate", "16")
    order = sold(shop, "11.60")
    assert (order.tax_total, order.items[0].tax_rate) == (Decimal("1.60"), 16)


def test_the_receipt_ends_with_the_words_of_the_business(shop):
    order = sold(shop, "11.80")
    assert read_receipt(order.id, actor=system_actor()).footer == "¡Gracias por su compra!"
    change("sales.receipt_footer", "Vuelva pronto\nQhatu")
    assert read_receipt(order.id, actor=system_actor()).footer == "Vuelva pronto\nQhatu"


def test_a_receipt_names_the_business_of_the_settings_while_there_is_no_issuer(shop):
    change("company.name", "Botica Rosa")
    change("company.ruc", "20100070970")
    change("company.address", "Av. Grau 1")
    business = read_receipt(sold(shop, "11.80").id, actor=system_actor()).business
    assert (business.name, business.ruc, business.address) == (
        "Botica Rosa",
        "20100070970",
        "Av. Grau 1",
    )


def test_a_sale_sent_again_is_recognised_for_the_hours_of_the_setting(shop):
    change("sales.idempotency_hours", 5)
    sold(shop, "11.80")
    expires = session().scalar(sa.select(sa.func.max(IdempotencyKey.expires_at)))
    assert expires == NOW + dt.timedelta(hours=5)

"""Parked sales and quotations: one person takes a cart up, and a promised price is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.actor import system_actor
from app.db import atomic, session
from app.services.customers.errors import CustomerNotFoundError
from app.services.platform.errors import IdempotencyConflictError
from app.services.sales.checkout import checkout
from app.services.sales.errors import (
    CashSessionClosedError,
    DiscountNotAllowedError,
    InvalidSaleError,
    PriceChangedError,
    UnsellableLinesError,
)
from app.services.sales.open_cash_session import OpenCashSession, open_cash_session
from app.services.sales.park_sale import ParkSale, park_sale
from app.services.sales.parked_sales import parked_sales, purge_parked_sales
from app.services.sales.price_cart import Cart, SaleLine, price_cart
from app.services.sales.read_quotation import read_quotation
from app.services.sales.recall_quotation import RecallQuotation, recall_quotation
from app.services.sales.recall_sale import RecallSale, recall_sale
from app.services.sales.save_quotation import SaveQuotation, save_quotation
from app.services.sales.saved_errors import (
    CouponInQuotationError,
    MissingNameError,
    ParkedSaleGoneError,
    QuotationNotFoundError,
    QuotationUsedError,
)
from models.catalog import ProductVariant
from models.customers import Customer
from models.inventory import InventoryStock
from models.sales import Order, ParkedSale, Promotion, Quotation
from tests.rows import make_row
from tests.services.settings import change
from tests.services.shop import NOW, Shop, add_variant, new_key, open_shop, receive
from tests.services.till_work import close, person

DAY = dt.timedelta(days=1)


@pytest.fixture
def shop(db_session) -> Shop:
    shop = open_shop()
    shop.actor = person("cashier")
    return shop


@pytest.fixture
def goods(shop: Shop) -> int:
    variant = add_variant("10.00", name="Café de altura")
    receive(shop.location, {variant: 20})
    return variant


def beside(shop: Shop, username: str = "manager") -> Shop:
    """Another till of the same location."""
    actor = person(username)
    command = OpenCashSession(shop.location, Decimal(0))
    return Shop(shop.location, open_cash_session(command, actor=actor, now=NOW), actor)


def park(shop: Shop, lines: dict[int, int], name: str = "Señora", **more: object) -> int:
    key = more.pop("key", "") or new_key()
    asked = tuple(SaleLine(variant, n) for variant, n in lines.items())
    command = ParkSale(key, shop.till, name, asked, **more)
    return park_sale(command, actor=shop.actor, now=NOW).result["parked_id"]


def recall(shop: Shop, parked: int, key: str = "", now: dt.datetime = NOW):
    command = RecallSale(key or new_key(), shop.till, parked)
    return recall_sale(command, actor=shop.actor, now=now)


def listed(shop: Shop, now: dt.datetime = NOW) -> list[str]:
    return [one.name for one in parked_sales(shop.location, actor=shop.actor, now=now)]


# -- parked


def test_a_parked_cart_comes_back_at_another_till_as_it_was(shop: Shop, goods: int) -> None:
    customer = make_row(Customer, full_name="Rosa Quispe")
    lines = (SaleLine(goods, 3, Decimal("5.00")),)
    command = ParkSale(
        new_key(), shop.till, "  Rosa  by the door ", lines, customer.id, "TEN", Decimal("2.5")
    )
    parked = park_sale(command, actor=shop.actor, now=NOW).result["parked_id"]
    other = beside(shop)
    [shown] = parked_sales(shop.location, actor=other.actor, now=NOW)
    assert (shown.name, shown.who, shown.parked_at) == ("Rosa by the door", "Cashier Tester", NOW)
    assert (shown.pieces, shown.total) == (3, Decimal("27.79"))
    cart = recall(other, parked)
    assert (cart.customer_id, cart.coupon, cart.discount_percent) == (
        customer.id, "TEN", Decimal("2.5"),
    )  # fmt: skip
    [line] = cart.lines
    assert (line.variant_id, line.quantity, line.discount_percent) == (goods, 3, 5)
    assert (line.name, line.available) == ("Café de altura", 20)
    assert listed(shop) == []


def test_prices_are_asked_again_when_it_is_taken_up(shop: Shop, goods: int) -> None:
    parked = park(shop, {goods: 1})
    session().get_one(ProductVariant, goods).price_override = Decimal("12.5")
    session().commit()
    assert recall(shop, parked).lines[0].unit_price == Decimal("12.5")


def test_one_person_gets_it_and_the_same_request_gets_it_again(shop: Shop, goods: int) -> None:
    parked, key, other = park(shop, {goods: 1}), new_key(), beside(shop)
    first = recall(shop, parked, key)
    assert recall(shop, parked, key) == first
    with pytest.raises(ParkedSaleGoneError):
        recall(other, parked)
    with pytest.raises(IdempotencyConflictError):
        recall(other, parked, key)


def test_it_stays_at_its_location(shop: Shop, goods: int) -> None:
    parked, elsewhere = park(shop, {goods: 1}), open_shop("manager")
    elsewhere.actor = person("manager")
    assert listed(elsewhere) == []
    with pytest.raises(ParkedSaleGoneError):
        recall(elsewhere, parked)
    assert listed(shop) == ["Señora"]


def test_it_expires_as_the_setting_says_and_is_thrown_away(shop: Shop, goods: int) -> None:
    change("sales.parked_hours", 2)
    parked = park(shop, {goods: 1})
    change("sales.parked_hours", 48)
    park(shop, {goods: 1}, "Later")
    then = NOW + dt.timedelta(hours=2)
    assert listed(shop, then) == ["Later"]
    with pytest.raises(ParkedSaleGoneError):
        recall(shop, parked, now=then)
    assert purge_parked_sales(now=then) == 1
    assert session().scalars(sa.select(ParkedSale.name)).all() == ["Later"]


def test_parking_reserves_nothing_and_sent_twice_is_one(shop: Shop, goods: int) -> None:
    key = new_key()
    assert park(shop, {goods: 20}, key=key) == park(shop, {goods: 20}, key=key)
    assert listed(shop) == ["Señora"]
    reserved = sa.select(sa.func.sum(InventoryStock.quantity_reserved))
    assert session().scalar(reserved.where(InventoryStock.variant_id == goods)) == 0
    with pytest.raises(IdempotencyConflictError):
        park(shop, {goods: 1}, key=key)


def test_what_can_not_be_parked_is_refused(shop: Shop, goods: int) -> None:
    with pytest.raises(MissingNameError) as refusal:
        park(shop, {goods: 1}, "  ")
    assert list(refusal.value.fields) == ["name"]
    with pytest.raises(InvalidSaleError):
        park(shop, {})
    with pytest.raises(UnsellableLinesError):
        park(shop, {2**40: 1})
    with pytest.raises(CustomerNotFoundError):
        park(shop, {goods: 1}, customer_id=2**40)
    close(shop, "50")
    with pytest.raises(CashSessionClosedError):
        park(shop, {goods: 1})
    assert listed(shop) == []


def test_goods_that_are_not_sold_any_more_come_back_to_be_seen(shop: Shop, goods: int) -> None:
    parked = park(shop, {goods: 1})
    session().get_one(ProductVariant, goods).is_active = False
    session().commit()
    assert [line.variant_id for line in recall(shop, parked).lines] == [goods]


# -- quotations


def quote(shop: Shop, lines: dict[int, int], **more: object) -> dict[str, object]:
    key = more.pop("key", "") or new_key()
    asked = tuple(SaleLine(variant, n) for variant, n in lines.items())
    command = SaveQuotation(key, shop.till, asked, **more)
    return save_quotation(command, actor=shop.actor, now=NOW).result


def bring(shop: Shop, number: str, now: dt.datetime = NOW):
    return recall_quotation(RecallQuotation(shop.till, number), actor=shop.actor, now=now)


def sell(shop: Shop, lines: dict[int, int], total: str, quotation: int, now: dt.datetime = NOW):
    command = replace(shop.command(lines, total, total), quotation_id=quotation)
    return checkout(command, actor=shop.actor, now=now)


def raise_price(variant: int, price: str) -> None:
    session().get_one(ProductVariant, variant).price_override = Decimal(price)
    session().commit()


def test_a_quotation_has_a_number_a_total_and_a_last_day(shop: Shop, goods: int) -> None:
    change("sales.quotation_days", 5)
    key = new_key()
    first = quote(shop, {goods: 2}, key=key)
    assert quote(shop, {goods: 2}, key=key) == first
    second = quote(shop, {goods: 1})
    assert first["total"] == "20.00"
    assert (first["number"][-8:], second["number"][-8:]) == ("00000001", "00000002")
    assert first["number"].startswith("COT-")
    kept = session().get_one(Quotation, first["quotation_id"])
    assert kept.valid_until == dt.date(2026, 6, 20)


def test_a_quotation_is_found_by_its_number_or_its_last_digits(shop: Shop, goods: int) -> None:
    made = quote(shop, {goods: 2})
    other = beside(shop)
    for number in (made["number"], f" {made['number'].lower()} ", "1", "00000001"):
        cart = bring(other, number)
        assert (cart.quotation_id, cart.total, cart.holds) == (made["quotation_id"], 20, True)
    for number in ("2", "", "COT-1", "x" * 500, "\0"):
        with pytest.raises(QuotationNotFoundError):
            bring(other, number)


def test_its_prices_are_kept_while_it_holds(shop: Shop, goods: int) -> None:
    with atomic():
        offer = make_row(
            Promotion, name="Ten off", type="percent", value=10, is_active=True, conditions={},
            start_date=NOW - DAY, end_date=None,
        )  # fmt: skip
    made = quote(shop, {goods: 2})
    assert made["total"] == "18.00"
    offer.is_active = False
    raise_price(goods, "15")
    sold = sell(shop, {goods: 2}, "18.00", made["quotation_id"])
    order = session().get_one(Order, sold.order_id)
    assert (order.subtotal, order.discount_total, order.grand_total) == (20, 2, 18)
    assert session().get_one(Quotation, made["quotation_id"]).order_id == order.id


def test_it_is_sold_once(shop: Shop, goods: int) -> None:
    made = quote(shop, {goods: 1})
    key = new_key()
    command = replace(
        shop.command({goods: 1}, "10.00", "10.00", key), quotation_id=made["quotation_id"]
    )
    first = checkout(command, actor=shop.actor, now=NOW)
    assert checkout(command, actor=shop.actor, now=NOW).order_id == first.order_id
    with pytest.raises(QuotationUsedError):
        sell(shop, {goods: 1}, "10.00", made["quotation_id"])
    with pytest.raises(QuotationUsedError):
        bring(shop, made["number"])
    with pytest.raises(QuotationNotFoundError):
        sell(shop, {goods: 1}, "10.00", 2**40)


@pytest.mark.parametrize("why", ["another quantity", "too late", "the setting"])
def test_else_it_costs_what_it_costs_today(shop: Shop, goods: int, why: str) -> None:
    made = quote(shop, {goods: 2})
    raise_price(goods, "15")
    pieces, now = 2, NOW
    if why == "another quantity":
        pieces = 1
    elif why == "too late":
        now = NOW + 8 * DAY
        assert bring(shop, made["number"], now).holds is False
    else:
        change("sales.quotation_keeps_prices", value=False)
    with pytest.raises(PriceChangedError):
        sell(shop, {goods: pieces}, f"{10 * pieces}.00", made["quotation_id"], now)
    sold = sell(shop, {goods: pieces}, f"{15 * pieces}.00", made["quotation_id"], now)
    assert session().get_one(Quotation, made["quotation_id"]).order_id == sold.order_id


def test_it_holds_through_its_last_day(shop: Shop, goods: int) -> None:
    change("sales.quotation_days", 0)
    made = quote(shop, {goods: 1})
    raise_price(goods, "15")
    midnight = dt.datetime(2026, 6, 16, 5, 0, tzinfo=dt.UTC)  # in Lima
    second = dt.timedelta(seconds=1)
    assert bring(shop, made["number"], midnight - second).holds is True
    assert bring(shop, made["number"], midnight).holds is False


def test_the_customer_may_be_chosen_when_it_is_sold(shop: Shop, goods: int) -> None:
    made = quote(shop, {goods: 1})
    raise_price(goods, "15")
    customer = make_row(Customer)
    cart = Cart(
        shop.location, (SaleLine(goods, 1),), customer.id, quotation_id=made["quotation_id"]
    )
    priced = price_cart(cart, now=NOW)
    assert (priced.totals.total, priced.quotation) == (10, made["number"])


def test_a_discount_by_hand_is_promised_within_the_limit_only(shop: Shop, goods: int) -> None:
    with pytest.raises(DiscountNotAllowedError):
        quote(shop, {goods: 1}, discount_percent=Decimal(5))
    shop.actor = person("cashier", "sales.till:discount")
    made = quote(shop, {goods: 1}, discount_percent=Decimal(5))
    assert made["total"] == "9.50"
    # Whoever sells it gives no discount: it was promised.
    shop.actor = person("cashier")
    command = replace(
        shop.command({goods: 1}, "9.50", "9.50"),
        quotation_id=made["quotation_id"],
        discount_percent=Decimal("5.00"),
    )
    checkout(command, actor=shop.actor, now=NOW)


def test_coupons_are_not_quoted(shop: Shop, goods: int) -> None:
    with pytest.raises(CouponInQuotationError):
        quote(shop, {goods: 1}, coupon="TEN")


def test_the_paper_says_what_was_quoted(shop: Shop, goods: int) -> None:
    from reports.quotations.pdf import quotation_pdf

    customer = make_row(Customer, full_name="Rosa Quispe")
    made = quote(shop, {goods: 2}, customer_id=customer.id)
    raise_price(goods, "15")
    paper = read_quotation(made["quotation_id"], actor=system_actor())
    assert (paper.number, paper.total, paper.tax) == (made["number"], 20, Decimal("3.05"))
    assert "Rosa Quispe" in paper.customer
    assert paper.valid_until == dt.date(2026, 6, 22)
    assert paper.in_words == "veinte con 00/100 soles"
    [line] = paper.lines
    assert (line.description, line.quantity, line.unit_price) == ("Café de altura", 2, 10)
    assert quotation_pdf(paper) == quotation_pdf(paper)

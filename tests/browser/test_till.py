"""The till as a cashier uses it: by keyboard and scanner, and with a bad connection."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.db import atomic, session
from app.services.sales.cash_sessions import read_cash_position
from app.services.sales.close_cash_session import CloseCashSession, close_cash_session
from app.services.sales.make_receipt import make_receipt
from models.catalog import ProductVariant
from models.customers import Customer
from models.sales import CashSession, Coupon, Order, Promotion
from tests.rows import make_row
from tests.services.shop import NOW, Shop, add_variant, on_hand, open_shop, receive

# The sale reaches the server; what it answers doesn't reach the page.
LOSE_THE_ANSWER = """() => {
  const real = window.fetch;
  window.fetch = async (address, ...rest) => {
    const answer = await real(address, ...rest);
    return String(address).endsWith("/pos/checkout") ? new Response(null, { status: 504 }) : answer;
  };
}"""


@pytest.fixture
def shop(site_app: Flask) -> Iterator[Shop]:
    """The cashier's open till; closed again, for the site is shared by all tests."""
    with site_app.app_context():
        shop = open_shop()
        yield shop
        session().rollback()
        counted = read_cash_position(session().get_one(CashSession, shop.till)).expected
        close_cash_session(CloseCashSession(shop.till, counted), actor=shop.actor, now=NOW)


@pytest.fixture
def goods(shop: Shop) -> ProductVariant:
    """Three pieces at 10.37 with a barcode."""
    variant = add_variant(
        "10.37", name="Chompa de alpaca", barcode=f"77{uuid.uuid4().int % 10**11}"
    )
    receive(shop.location, {variant: 3})
    return session().get_one(ProductVariant, variant)


@pytest.fixture
def till(chromium: Browser, site: str, signed_in, shop: Shop, goods) -> Iterator[Page]:
    context = chromium.new_context(base_url=site, storage_state=signed_in("cashier"), locale="en")
    page = context.new_page()
    page.goto("/pos/")
    yield page
    context.close()


def scan(page: Page, code: str, lines: int = 1) -> None:
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator(".till-line")).to_have_count(lines)


def orders_of(shop: Shop) -> list[Order]:
    session().rollback()
    return list(session().scalars(sa.select(Order).where(Order.cash_session_id == shop.till)))


def test_a_sale_needs_no_mouse(till: Page, shop: Shop, goods: ProductVariant) -> None:
    expect(till.locator("#till-search")).to_be_focused()
    scan(till, goods.barcode)
    scan(till, goods.barcode)
    expect(till.locator(".till-quantity")).to_have_value("2")
    expect(till.locator("#till-due")).to_have_text("S/ 20.70")
    till.keyboard.press("Enter")
    till.keyboard.type("50")
    expect(till.locator("#till-change-amount")).to_have_text("S/ 29.30")
    till.keyboard.press("F9")
    till.wait_for_url("**/pos/receipt/*")
    expect(till.locator(".receipt-change")).to_contain_text("S/ 29.30")
    [order] = orders_of(shop)
    make_receipt(order.id)
    expect(till.locator("[data-receipt-ready]")).to_be_attached(timeout=10_000)
    expect(till.get_by_role("button", name="Print")).to_be_enabled()
    till.keyboard.press("n")
    till.wait_for_url("**/pos/")
    expect(till.locator(".till-line")).to_have_count(0)


def test_scanners_do_not_wait(till: Page, shop: Shop, goods: ProductVariant) -> None:
    other = session().get_one(
        ProductVariant, add_variant("1", barcode=f"78{uuid.uuid4().int % 10**11}")
    )
    till.keyboard.type(f"{goods.barcode}\n{other.barcode}\n{goods.barcode}\n", delay=0)
    expect(till.locator(".till-line")).to_have_count(2)
    expect(till.locator(".till-quantity").first).to_have_value("2")


def test_words_are_chosen_with_the_arrows(till: Page, shop: Shop, goods: ProductVariant) -> None:
    till.keyboard.type("alpaca")
    expect(till.locator(".till-product").first).to_be_visible()
    till.keyboard.press("ArrowDown")
    till.keyboard.press("Enter")
    expect(till.locator(".till-line")).to_have_count(1)
    expect(till.locator("#till-search")).to_have_value("")


def test_a_row_picked_with_the_arrows_is_taken_while_a_later_answer_is_awaited(
    till: Page, shop: Shop, goods: ProductVariant
) -> None:
    till.keyboard.type("alp")
    expect(till.locator(".till-product").first).to_be_visible()
    till.keyboard.press("ArrowDown")
    till.route("**/pos/products*", lambda _route: None)  # later answers never come
    till.keyboard.type("aca")
    till.keyboard.press("Enter")
    expect(till.locator(".till-line")).to_have_count(1)


def test_a_double_click_is_one_sale(till: Page, shop: Shop, goods: ProductVariant) -> None:
    scan(till, goods.barcode)
    till.get_by_role("button", name="Exact").click()
    till.locator("#till-charge").dblclick()
    till.wait_for_url("**/pos/receipt/*")
    assert len(orders_of(shop)) == 1


def test_a_lost_answer_and_a_reload_are_one_sale(till: Page, shop: Shop, goods) -> None:
    scan(till, goods.barcode)
    till.get_by_role("button", name="Exact").click()
    till.evaluate(LOSE_THE_ANSWER)
    till.keyboard.press("F9")
    expect(till.locator("#till-alerts")).to_contain_text("No answer yet")
    till.reload()
    till.wait_for_url("**/pos/receipt/*")
    assert [order.order_number for order in orders_of(shop)] == [
        till.locator(".receipt-done span").inner_text()
    ]
    assert on_hand(shop.location, goods.id) == 2


def test_the_cart_survives_a_reload(till: Page, shop: Shop, goods: ProductVariant) -> None:
    scan(till, goods.barcode)
    till.reload()
    expect(till.locator(".till-line")).to_have_count(1)
    till.keyboard.press("F4")
    till.keyboard.press("Delete")
    expect(till.locator(".till-line")).to_have_count(0)


def test_too_little_stock_is_said_at_the_line(till: Page, shop: Shop, goods) -> None:
    scan(till, f"4*{goods.barcode}")
    till.keyboard.press("F8")
    till.keyboard.type("100\n")
    expect(till.locator("#till-alerts")).to_contain_text("not enough stock")
    expect(till.locator(".till-line-problem")).to_have_text("Only 3 available")
    till.keyboard.press("F4")
    till.keyboard.press("-")
    expect(till.locator(".till-line-problem")).to_have_count(0)
    till.keyboard.press("F9")
    till.wait_for_url("**/pos/receipt/*")
    assert on_hand(shop.location, goods.id) == 0


def test_a_sale_with_customer_coupon_discount_and_two_means_needs_no_mouse(
    till: Page, shop: Shop, goods: ProductVariant
) -> None:
    with atomic():
        make_row(Customer, full_name="Wilma Keyboard")
        offer = make_row(
            Promotion, name="Ten off", type="percent", value=10, is_active=True,
            start_date=NOW - dt.timedelta(days=900), end_date=None, conditions={"coupon": True},
        )  # fmt: skip
        code = f"KB{uuid.uuid4().hex[:6].upper()}"
        make_row(Coupon, promotion_id=offer.id, code=code)
    scan(till, goods.barcode)
    till.keyboard.press("F3")
    till.keyboard.type("wilma")
    expect(till.locator(".till-buyer").first).to_be_visible()
    till.keyboard.press("Enter")
    expect(till.locator("#till-customer")).to_contain_text("Wilma Keyboard")
    till.keyboard.press("F7")
    till.keyboard.type(code)
    till.keyboard.press("Enter")
    expect(till.locator("#till-total")).to_have_text("S/ 9.33")
    till.keyboard.press("F6")
    till.keyboard.type("5")
    till.keyboard.press("Enter")
    expect(till.locator("#till-total")).to_have_text("S/ 8.86")
    till.get_by_role("button", name="Yape").focus()
    till.keyboard.press("Enter")
    till.keyboard.type("00981234")
    till.keyboard.press("Tab")
    till.keyboard.type("5")
    till.keyboard.press("Tab")
    expect(till.locator("#till-due")).to_have_text("S/ 3.86")
    till.keyboard.press("F8")
    till.keyboard.type("10")
    till.keyboard.press("F9")
    till.wait_for_url("**/pos/receipt/*")
    expect(till.locator(".receipt-change")).to_contain_text("S/ 6.14")
    [order] = orders_of(shop)
    assert [str(one.amount) for one in order.payments] == ["5.00", "3.86"]
    assert order.discount_total == Decimal("1.51")

"""Returns as a cashier makes them: by keyboard, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.db import session
from app.services.sales.cash_sessions import read_cash_position
from app.services.sales.close_cash_session import CloseCashSession, close_cash_session
from models.catalog import ProductVariant
from models.sales import CashSession, Order
from tests.browser.axe import violations
from tests.sales_returns.counter import moved, open_counter, order_of, sell
from tests.services.shop import NOW, Shop, add_variant, on_hand, receive


@pytest.fixture
def shop(site_app: Flask) -> Iterator[Shop]:
    """The cashier's open till; closed again, for the site is shared by all tests."""
    with site_app.app_context():
        shop = open_counter()
        yield shop
        session().rollback()
        counted = read_cash_position(session().get_one(CashSession, shop.till)).expected
        close_cash_session(CloseCashSession(shop.till, counted), actor=shop.actor, now=NOW)


@pytest.fixture
def sold(shop: Shop) -> Order:
    """Two pieces at S/ 10.37, paid in cash."""
    variant = add_variant("10.37", name="Chompa de alpaca")
    receive(shop.location, {variant: 5})
    return sell(shop, {variant: 2}, "20.74")


@pytest.fixture
def counter(chromium: Browser, site: str, signed_in) -> Iterator[Page]:
    """A window that may show the slip in a frame, which the strict policy of tests forbids."""
    state = signed_in("cashier")
    context = chromium.new_context(base_url=site, storage_state=state, locale="en")
    yield context.new_page()
    context.close()


def test_goods_are_taken_back_and_exchanged_by_keyboard(
    counter: Page, site_app: Flask, shop: Shop, sold: Order
) -> None:
    page = counter
    page.goto("/pos/")
    page.keyboard.press("Shift+F9")
    page.wait_for_url("**/returns/")
    page.keyboard.type(f"{sold.order_number}\n")
    page.wait_for_url(f"**/returns/{sold.id}")
    pieces = page.locator(".return-count input")
    pieces.fill("1")
    expect(page.locator(".return-due dd")).to_have_text("S/ 10.30")
    assert violations(page, site_app) == []
    pieces.press("Enter")
    expect(page.locator("#reason")).to_be_focused()
    page.keyboard.type("It is torn")
    page.keyboard.press("F9")
    page.wait_for_url("**/returns/receipt/*")
    expect(page.locator(".receipt-change")).to_contain_text("S/ 10.30")
    assert violations(page, site_app) == []

    page.goto(f"/returns/{sold.id}")
    page.keyboard.press("F4")
    expect(page.locator(".return-due dd")).to_have_text("S/ 10.40")
    page.fill("#reason", "Another colour")
    page.get_by_role("button", name="Exchange at the till").click()
    page.wait_for_url("**/pos/")
    expect(page.locator("#till-worth")).to_have_text("-S/ 10.40")
    other = session().get_one(ProductVariant, add_variant("7.05"))
    receive(shop.location, {other.id: 1})
    page.locator("#till-search").fill(other.sku)
    page.keyboard.press("Enter")
    expect(page.locator("#till-back")).to_have_text("S/ 3.40")
    page.keyboard.press("F9")
    page.wait_for_url("**/returns/receipt/*")
    assert order_of(sold.id).status == "returned"
    assert moved(sold) == {"cash": Decimal("7.00"), "exchange": Decimal("-7.00")}
    assert on_hand(shop.location, other.id) == 0


def test_returns_fit_a_phone(open_page, site_app, shop, sold) -> None:
    page = open_page(f"/returns/{sold.id}", "cashier", width=390, color_scheme="dark")
    page.get_by_role("button", name="One more of").click()
    expect(page.locator(".return-due dd")).to_have_text("S/ 10.30")
    page.locator("[data-refund]").fill("5")
    expect(page.locator("[data-missing]")).to_have_text("S/ 5.30 still to be given back")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page, site_app) == []

"""A cashier's whole day by keyboard: open, sell, X, park and take up, quote, count, Z."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from app.db import session
from models.catalog import ProductVariant
from models.sales import ParkedSale, Quotation, ZReport
from tests.browser.axe import violations
from tests.services.shop import add_location, add_variant, open_shop, receive
from tests.services.till_work import close


@pytest.fixture
def goods(site_app: Flask) -> Iterator[ProductVariant]:
    """Pieces at 10.00 with a barcode, at a place where nobody sells yet."""
    with site_app.app_context():
        place = add_location()
        barcode = f"77{uuid.uuid4().int % 10**11}"
        variant = add_variant("10.00", name="Chompa de alpaca", barcode=barcode)
        receive(place, {variant: 20})
        found = session().get_one(ProductVariant, variant)
        found.place = place
        yield found
        session().rollback()


def scan(page: Page, code: str) -> None:
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator(".till-line")).to_have_count(1)


def press(page: Page, key: str, text: str = "") -> None:
    page.keyboard.press(key)
    if text:
        expect(page.locator("dialog[open] input").first).to_be_focused()
        page.keyboard.type(text)
        page.keyboard.press("Enter")


def test_a_day_needs_no_mouse(open_page, goods) -> None:
    page = open_page("/cash/", "manager")
    page.select_option("#location_id", str(goods.place))
    page.locator("#starting_cash").fill("50")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pos/")
    scan(page, goods.barcode)
    press(page, "F10", "Rosa by the door")
    expect(page.locator("#till-alerts")).to_contain_text("Parked: Rosa by the door.")
    expect(page.locator(".till-line")).to_have_count(0)
    page.keyboard.press("F10")
    expect(page.locator("#till-parked-dialog button.till-buyer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".till-line")).to_have_count(1)
    page.keyboard.press("F1")
    expect(page.locator("#confirm")).to_be_visible()
    page.locator("#confirm [data-confirm-yes]").press("Enter")
    expect(page.locator("#till-alerts")).to_contain_text(re.compile("Quotation COT-.+ is saved"))
    press(page, "F1", "1")
    expect(page.locator("#till-alerts")).to_contain_text("its prices are kept until")
    expect(page.locator("#till-due")).to_have_text("S/ 10.00")
    page.keyboard.press("F8")
    page.keyboard.type("20\n")
    page.wait_for_url("**/pos/receipt/*")
    session().rollback()
    assert session().scalar(sa.select(sa.func.count()).select_from(ParkedSale)) == 0
    assert session().scalars(sa.select(Quotation.order_id)).one() is not None
    page.goto("/cash/")
    page.get_by_role("link", name="X report").press("Enter")
    expect(page.get_by_role("heading", name="X report")).to_be_visible()
    page.goto("/cash/")
    page.locator('[name="pieces-50.00"]').focus()
    page.keyboard.type("1")
    for _note in ("20.00", "10.00"):
        page.keyboard.press("Enter")
    page.keyboard.type("1")
    expect(page.locator("[data-total]")).to_have_text("S/ 60.00")
    expect(page.locator("[data-difference-amount]")).to_have_text("S/ 0.00")
    for _coin in range(7):
        page.keyboard.press("Enter")
    expect(page.locator("form[data-count] .btn-danger")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#confirm [data-confirm-yes]").press("Enter")
    expect(page.get_by_role("heading", name="Z report")).to_contain_text("-00000001")
    session().rollback()
    report = session().scalars(sa.select(ZReport).order_by(-ZReport.id)).first()
    assert (report.location_id, report.total) == (goods.place, 10)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_screens_of_tills_are_for_everybody(
    open_page, site_app: Flask, width: int, scheme: str
) -> None:
    with site_app.app_context():
        waiting, shop = open_shop("cashier"), open_shop("admin")
        close(waiting, "5")
        wrong = {}
        for path in ("/cash/", f"/cash/{waiting.till}", f"/cash/{shop.till}", "/pos/"):
            page = open_page(path, width=width, color_scheme=scheme, reduced_motion="reduce")
            page.wait_for_load_state("networkidle")
            fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            broken = violations(page, site_app)
            if broken or not fits:
                wrong[path] = broken or "wider than the window"
        close(shop, "50")
        assert wrong == {}

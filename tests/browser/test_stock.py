"""Stock as those who work in the stockroom use it: with a scanner, on a desk and on a phone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.db import session
from tests.browser.axe import violations
from tests.inventory.warehouse import begin_count, dispatch, found, level, line_of
from tests.services.shop import add_location, add_variant, on_hand, receive

LOSE_ONE_ANSWER = """() => {
  const real = window.fetch;
  let lost = false;
  window.fetch = async (address, ...rest) => {
    const answer = await real(address, ...rest);
    if (lost || !String(address).endsWith("/record")) return answer;
    lost = true;
    return new Response(null, { status: 504 });
  };
}"""


@dataclass(frozen=True)
class Goods:
    place: int
    target: int
    variant: int
    barcode: str


@pytest.fixture
def goods(site_app: Flask) -> Goods:
    """Ten pieces at one of two locations, in the context of the site."""
    with site_app.app_context():
        barcode = f"77{uuid.uuid4().int % 10**11}"
        variant = add_variant("1", name="Chompa de alpaca", barcode=barcode)
        place = add_location()
        receive(place, {variant: 10})
        yield Goods(place, add_location(), variant, barcode)
        session().rollback()


def test_goods_are_sent_by_scanning_them(open_page, goods: Goods) -> None:
    page = open_page("/inventory/transfers/new", "warehouse")
    page.select_option("#from_location_id", str(goods.place))
    page.select_option("#to_location_id", str(goods.target))
    page.locator("[data-lines-find]").focus()
    for _scan in range(3):
        page.keyboard.type(goods.barcode)
        page.keyboard.press("Enter")
    row = page.locator(f'tr[data-variant="{goods.variant}"]')
    expect(row.locator("[name=quantity]")).to_have_value("3")
    expect(row.locator("[data-stock]")).to_have_text("10")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="is under way")).to_be_visible()
    session().rollback()
    assert on_hand(goods.place, goods.variant) == 7


def test_a_phone_counts_each_scan_once_also_when_an_answer_is_lost(open_page, goods: Goods) -> None:
    count = begin_count(goods.place)
    page = open_page(f"/inventory/counts/{count}", "warehouse", width=390)
    page.evaluate(LOSE_ONE_ANSWER)
    for code in (goods.barcode, goods.barcode, f"6*{goods.barcode}"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    number = page.locator(f'[data-variant="{goods.variant}"]')
    expect(number).to_have_value("8", timeout=15_000)
    number.fill("9")
    number.press("Enter")
    expect(page.locator("[data-count-last]")).to_contain_text("9")
    page.keyboard.type("no such code")
    page.keyboard.press("Enter")
    expect(page.locator("[data-count-last]")).to_contain_text("No product has the code")
    session().rollback()
    assert line_of(count, goods.variant).counted == 9
    assert level(goods.place, goods.variant)[0] == 10


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_screens_are_for_everybody(
    open_page, site_app: Flask, goods: Goods, width: int, scheme: str
) -> None:
    transfer = dispatch(goods.place, goods.target, {goods.variant: 2})
    count = begin_count(goods.place)
    found(count, goods.variant, 5)
    wrong = {}
    for path in (
        f"/inventory/receive/?location_id={goods.place}",
        "/inventory/adjust/",
        "/inventory/transfers/",
        "/inventory/transfers/new",
        f"/inventory/transfers/{transfer}",
        "/inventory/counts/",
        f"/inventory/counts/{count}",
        f"/inventory/counts/{count}/review",
        f"/inventory/replenishment/?location_id={goods.place}",
        f"/inventory/kardex/?variant_id={goods.variant}&location_id={goods.place}&first=2026-06-01",
    ):
        page = open_page(path, width=width, color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_load_state("networkidle")
        fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        broken = violations(page, site_app)
        if broken or not fits:
            wrong[path] = broken or "wider than the window"
    assert wrong == {}

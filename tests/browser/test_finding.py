"""The palette, favourites, the start page and the first steps as people use them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations

PHONE = 375
LIST = "/customers/customers/list/"


@pytest.fixture(scope="session")
def customer(site_app) -> int:
    from app.db import atomic
    from models.customers import Customer
    from tests.rows import make_row

    with site_app.app_context(), atomic():
        return make_row(Customer, full_name="Zenobia Palacín", doc_number="70605040").id


def search(page: Page, text: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search records")).to_be_focused()
    page.keyboard.type(text)


def test_a_record_is_found_and_opened_by_keys_alone(open_page, customer):
    page = open_page("/profile/")
    search(page, "70605040")
    expect(page.locator("#palette [role=option][aria-selected=true]")).to_contain_text("Zenobia")
    expect(page.locator("#palette-input")).to_have_attribute(
        "aria-activedescendant", re.compile("hit-")
    )
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/customers/show/{customer}")


def test_who_presses_enter_before_the_answer_opens_what_comes_first(open_page, customer):
    page = open_page("/profile/")
    search(page, "customer: zenobia")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/customers/customers/show/{customer}")


def test_a_screen_and_an_action_are_found_without_accents_or_order(open_page):
    page = open_page("/profile/")
    search(page, "categ prod")
    page.get_by_role("option", name="Product categories").first.click()
    page.wait_for_url("**/catalog/categories/list/")
    search(page, "> compact")
    expect(page.get_by_role("option", name="Compact rows")).to_be_visible()
    with page.expect_response("**/own/density"):
        page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-density", "compact")
    search(page, "> comfortable")
    expect(page.get_by_role("option", name="Comfortable rows")).to_be_visible()
    with page.expect_response("**/own/density"):
        page.keyboard.press("Enter")


def test_the_palette_fills_a_phone_and_says_what_it_found(open_page, site_app, customer):
    page = open_page("/profile/", width=PHONE)
    page.get_by_role("link", name="Search").click()
    page.keyboard.type("zenobia")
    expect(page.locator("#palette-status")).to_contain_text("found")
    expect(page.get_by_role("option", name="Zenobia")).to_be_visible()
    box = page.locator("#palette").bounding_box()
    assert box is not None
    assert box["width"] == PHONE
    assert violations(page, site_app) == []


def test_a_page_is_kept_with_the_star_and_found_in_the_navigation(open_page):
    page = open_page(f"{LIST}?q=star")
    star = page.get_by_role("button", name="Favourite")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#favourites .nav-leaf").first).to_contain_text("Customers")
    page.goto("/profile/")
    page.locator("#favourites .nav-leaf").first.click()
    page.wait_for_url(f"**{LIST}?q=star")
    page.keyboard.press("s")
    expect(star).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#favourites .nav-leaf")).to_have_count(0)


def test_the_question_mark_lists_the_keys_of_the_page(open_page, customer):
    page = open_page(LIST)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    keys = page.locator("#keys-list")
    expect(keys).to_contain_text("New")
    for key, meaning in {"/": "Search in", "f": "Filter", "v": "Saved views", "x": "Tick"}.items():
        row = keys.get_by_role("row").filter(has=page.get_by_text(key, exact=True))
        expect(row).to_contain_text(meaning)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_start_page_loads_its_tiles_and_breaks_no_rule(open_page, site_app, scheme):
    page = open_page("/", color_scheme=scheme)
    expect(page.locator(".tile-wait")).to_have_count(0)
    expect(page.locator(".tile-figure").first).to_be_visible()
    assert violations(page, site_app) == []


def test_tiles_are_moved_by_keys_and_stay_so(open_page):
    page = open_page("/", role="manager")
    page.get_by_role("button", name="Arrange").click()
    page.get_by_role("button", name="Move “Low stock” up").press("Enter")
    page.get_by_role("checkbox", name="Open tills").uncheck()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("/$"))
    expect(page.locator("#tile-tills")).to_have_count(0)
    names = page.locator(".tile-head").all_inner_texts()
    assert names.index("Low stock") < names.index("Jobs due")


def test_the_first_steps_keep_what_is_typed_and_break_no_rule(open_page, site_app):
    page = open_page("/setup/company")
    page.get_by_label("Trade name").fill("Bodega")
    page.get_by_label("Registered name").fill("Bodega S.A.C.")
    page.get_by_label("RUC").fill("20100070971")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("This isn't a RUC")).to_be_visible()
    assert violations(page, site_app) == []
    page.get_by_label("RUC").fill("20100070970")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/setup/money")
    page.get_by_role("link", name="Skip", exact=True).click()
    expect(page.get_by_label("Series of boletas")).to_have_value("B001")

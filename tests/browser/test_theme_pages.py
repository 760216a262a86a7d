"""Lists, records and forms as people use them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

CUSTOMERS = "/customers/customers"


@pytest.fixture(scope="session")
def customer(site_app) -> int:
    from app.db import atomic
    from models.customers import Customer
    from tests.rows import make_row

    with site_app.app_context(), atomic():
        make_row(Customer, full_name="Ana Torres")
        return make_row(Customer, full_name="Rosa Mamani").id


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"{CUSTOMERS}/list/",
        f"{CUSTOMERS}/add",
        "/sales/orders/list/",
        "/catalog/products/add",
        "/identity/users/list/?trash=1",
        "/profile/",
        "/password/",
        "/swagger/v1",
    ],
)
@pytest.mark.parametrize("width", [1440, 360])
def test_pages_fit_the_window_and_break_no_rule_of_the_content_policy(open_page, path, width):
    page = open_page(path, width=width)
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_click_on_a_row_opens_the_record(open_page, customer):
    page = open_page(f"{CUSTOMERS}/list/?q=Rosa")
    page.locator("[data-row] td").nth(3).click()
    page.wait_for_url(f"**{CUSTOMERS}/show/{customer}")


def test_keys_walk_through_a_list_and_open_a_record(open_page, customer):
    page = open_page(f"{CUSTOMERS}/list/?q=Rosa")
    page.keyboard.press("j")
    expect(page.locator("[data-row].at")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{CUSTOMERS}/show/{customer}")


def test_slash_goes_to_the_search_box_and_keeps_it_a_slash_while_typing(open_page, customer):
    page = open_page(f"{CUSTOMERS}/list/")
    page.keyboard.press("/")
    page.keyboard.type("Rosa/")
    expect(page.get_by_role("searchbox", name="Search in")).to_have_value("Rosa/")


def test_a_relation_is_found_by_typing_and_saved(open_page, customer):
    page = open_page("/customers/customer_addresses/add")
    page.locator("#customer_id-ts-control").click()
    page.keyboard.type("Rosa")
    page.get_by_role("option", name="Rosa Mamani").click()
    assert page.locator("#customer_id").input_value() == str(customer)


def test_a_mistake_keeps_the_input_and_is_told_beside_the_field(open_page, customer):
    page = open_page(f"{CUSTOMERS}/add")
    page.fill("#full_name", "Luis Flores")
    page.fill("#credit_limit", "1.999")
    page.get_by_role("button", name="Save", exact=True).click()
    field = page.locator("[data-field=credit_limit]")
    expect(field.locator(".invalid-feedback")).to_be_visible()
    expect(field.locator("input")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#full_name")).to_have_value("Luis Flores")
    page.close(run_before_unload=False)


def test_leaving_a_changed_form_asks_first(open_page, customer):
    page = open_page(f"{CUSTOMERS}/edit/{customer}")
    expect(page.locator("[data-unsaved]")).to_be_hidden()
    page.fill("#full_name", "Rosa Mamani Quispe")
    expect(page.locator("[data-unsaved]")).to_be_visible()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".crumbs a").first.click()
    expect(page.locator("#full_name")).to_have_value("Rosa Mamani Quispe")
    assert asked == ["beforeunload"]


def test_ctrl_s_saves(open_page, customer):
    page = open_page(f"{CUSTOMERS}/edit/{customer}")
    page.fill("#phone", "999 888 777")
    page.keyboard.press("Control+s")
    page.wait_for_url(f"**{CUSTOMERS}/show/{customer}")
    expect(page.locator(".alert-success")).to_be_visible()


def test_a_record_goes_to_the_trash_and_comes_back(open_page, site_app):
    from app.db import atomic
    from models.customers import Customer
    from tests.rows import make_row

    with site_app.app_context(), atomic():
        pk = make_row(Customer, full_name="Temporary").id
    page = open_page(f"{CUSTOMERS}/show/{pk}")
    page.get_by_role("link", name="Delete").click()
    page.fill("#reason", "Made twice")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".alert-success")).to_be_visible()
    page.goto(f"{CUSTOMERS}/show/{pk}")
    expect(page.locator(".alert-warning")).to_contain_text("Made twice")
    page.get_by_role("button", name="Restore").click()
    expect(page.locator(".alert-warning")).to_have_count(0)


def test_related_lists_are_loaded_when_opened(open_page, customer):
    page = open_page(f"{CUSTOMERS}/show/{customer}")
    fold = page.locator("[data-related]").filter(has_text="Customer addresses").first
    fold.locator("summary").click()
    expect(fold.get_by_role("link", name="New")).to_have_attribute(
        "href", f"/customers/customer_addresses/add?customer_id={customer}"
    )


def test_the_api_reference_shows_a_resource_and_its_fields(open_page):
    page = open_page("/swagger/v1")
    page.fill("[data-api-find]", "customers/customers")
    card = page.locator(".api-tag:visible").first
    card.locator("> summary").click()
    card.locator(".api-fold > summary").filter(has_text="POST").first.click()
    expect(card.locator(".api-operation")).to_contain_text("full_name")

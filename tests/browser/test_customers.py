"""Two customers are found, compared, merged and parted again; points are corrected by hand."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.db import session
from app.session import INCLUDE_DELETED
from models.customers import Customer
from tests.browser.axe import violations
from tests.customers.people import add_person

NAMES = ("Mergeable Ana", "Mergeable Anita")
PLACES = ({"color_scheme": "light"}, {"width": 360, "color_scheme": "dark"})


@pytest.fixture
def twins(site_app):
    with site_app.app_context():
        keys = [add_person(full_name=name, phone="+51 999 111 222") for name in NAMES]
    yield keys
    with site_app.app_context():
        rows = sa.select(Customer).where(Customer.id.in_(keys))
        for row in session().scalars(rows, execution_options=INCLUDE_DELETED):
            row.deleted_at = row.deleted_at or row.created_at  # the ledgers keep them
        session().commit()


def test_two_are_ticked_merged_and_parted_again(open_page, twins):
    page = open_page("/customers/customers/list/?q=Mergeable&sort=full_name")
    page.locator("[data-pick]").nth(0).click()
    page.locator("[data-pick]").nth(1).click()
    page.locator("[data-bulk]").get_by_role("button", name="Merge").click()
    page.get_by_label("Full name: Mergeable Anita").check()
    page.locator(".savebar").get_by_role("button", name="Merge").click()
    page.get_by_role("dialog").get_by_role("button", name="Merge").click()
    expect(page.locator("h1")).to_contain_text("Mergeable Anita")
    page.get_by_role("button", name="Undo the merge").click()
    page.get_by_role("dialog").get_by_role("button", name="Undo the merge").click()
    expect(page.locator(".alert-success")).to_contain_text("both customers are there again")
    page.goto("/customers/merge/")
    expect(page.locator(".pair-list li", has_text="Mergeable Anita")).to_be_visible()


def test_points_are_corrected_on_the_overview(open_page, twins):
    page = open_page(f"/customers/{twins[0]}/")
    page.locator(".customer-correct summary", has_text="Points").click()
    page.get_by_label("Points").fill("12")
    page.locator("#points-reason").fill("Welcome")
    page.locator(".customer-correct[open]").get_by_role("button", name="Correct").click()
    expect(page.locator(".alert-success")).to_be_visible()
    expect(page.locator(".stat", has_text="Points").locator(".stat-value")).to_have_text("12")


@pytest.mark.parametrize("place", PLACES, ids=["desk", "phone"])
def test_the_pages_are_accessible_and_fit(open_page, site_app, twins, place):
    page = open_page("/customers/merge/", **place)
    one, other = twins
    for path in (
        "/customers/merge/",
        f"/customers/merge/?target={one}",
        f"/customers/merge/?target={one}&source={other}",
        f"/customers/{one}/",
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert violations(page, site_app) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, path

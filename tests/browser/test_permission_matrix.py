"""The matrix under the hands: keys, whole domains, search, differences, saving."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect


@pytest.fixture
def roles(site_app) -> dict[str, int]:
    from app.db import session
    from models.identity import Role

    with site_app.app_context():
        return dict(session().execute(sa.select(Role.name, Role.id)).all())


@pytest.fixture
def matrix(open_page, roles):
    def open_(*names: str, **options):
        query = "&".join(f"role={roles[name]}" for name in names)
        return open_page(f"/identity/matrix/?{query}", **options)

    return open_


def box(page, screen: str, action: str, role: str):
    return page.get_by_role("checkbox", name=f"{screen} {action} {role}", exact=True)


def test_arrows_move_space_ticks_and_the_bar_counts(matrix):
    page = matrix("Technician")
    box(page, "Products", "Read", "Technician").focus()
    page.keyboard.press("ArrowRight")
    expect(box(page, "Products", "Create", "Technician")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-changes]")).to_have_text("+1 given, −0 taken")
    page.keyboard.press("ArrowDown")
    expect(box(page, "Product variants", "Create", "Technician")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box(page, "Product variants", "Create", "Technician")).to_be_checked()
    page.keyboard.press("Home")
    expect(box(page, "Product variants", "Read", "Technician")).to_be_focused()
    page.keyboard.press("Control+Home")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "Sales Read all of it")
    page.close(run_before_unload=False)


def test_tab_stops_once_in_the_grid(matrix):
    page = matrix("Technician")
    assert page.locator("table.matrix input[tabindex='0']").count() == 1
    box(page, "Brands", "Read", "Technician").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('table.matrix') === null")


def test_a_whole_domain_is_toggled_and_shows_when_it_is_mixed(matrix):
    page = matrix("Technician")
    whole = page.get_by_label("Catalog Update all of it")
    whole.click()
    expect(box(page, "Brands", "Update", "Technician")).to_be_checked()
    box(page, "Brands", "Update", "Technician").click()
    assert whole.evaluate("input => input.indeterminate")
    page.close(run_before_unload=False)


def test_slash_searches_and_only_what_is_shown_is_toggled(matrix):
    page = matrix("Technician")
    page.keyboard.press("/")
    page.keyboard.type("brand")
    expect(page.locator("tr[data-row]:visible")).to_have_count(1)
    page.get_by_label("Catalog Delete all of it").click()
    expect(page.locator("[data-changes]")).to_have_text("+1 given, −0 taken")
    page.keyboard.press("/")
    page.keyboard.press("Control+a")
    page.keyboard.type("nothing like this")
    expect(page.locator(".matrix-none")).to_be_visible()
    page.close(run_before_unload=False)


def test_only_differences_of_two_roles(matrix):
    page = matrix("Technician", "Cashier")
    page.get_by_label("Only differences").check()
    expect(page.get_by_role("rowheader", name="Products", exact=True)).to_be_hidden()
    expect(page.get_by_role("rowheader", name="Till", exact=True)).to_be_visible()


def test_changing_reviewing_going_back_and_saving(matrix, roles):
    page = matrix("Technician")
    box(page, "Coupons", "Read", "Technician").click()
    page.keyboard.press("Control+s")
    expect(page.get_by_role("heading", name="Review changes")).to_be_visible()
    expect(page.get_by_text("Sales / Coupons")).to_be_visible()
    page.get_by_role("button", name="Back to the matrix").click()
    expect(box(page, "Coupons", "Read", "Technician")).to_be_checked()
    expect(page.locator("[data-changes]")).to_have_text("+1 given, −0 taken")
    page.get_by_role("button", name="Review changes").click()
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".alert-success")).to_contain_text("1 given, 0 taken")
    expect(box(page, "Coupons", "Read", "Technician")).to_be_checked()


def test_other_roles_are_chosen_without_losing_a_change(matrix):
    page = matrix("Technician")
    box(page, "Price changes", "Read", "Technician").click()
    page.locator(".pick > summary").click()
    page.get_by_label("Warehouse", exact=True).check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator("th#t1")).to_be_visible()
    expect(page.locator(".role-names").get_by_role("link", name="Warehouse")).to_be_visible()
    expect(page.locator("[data-changes]")).to_contain_text("−1 taken")
    page.close(run_before_unload=False)


def test_leaving_with_changes_asks(matrix):
    page = matrix("Technician")
    box(page, "Coupons", "Delete", "Technician").click()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".sidebar a").first.click()
    expect(page.locator("table.matrix")).to_be_visible()
    assert asked == ["beforeunload"]
    page.close(run_before_unload=False)


def test_it_works_without_scripts(matrix):
    page = matrix("Technician", java_script_enabled=False)
    box(page, "Coupons", "Update", "Technician").click()
    page.get_by_role("button", name="Review changes").click()
    expect(page.get_by_text("Sales / Coupons")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_fit_the_window(open_page, roles, width):
    for path in (
        "/identity/matrix/?" + "&".join(f"role={role}" for role in roles.values()),
        f"/identity/roles/{roles['Cashier']}/policy",
        f"/identity/roles/defaults/{roles['Cashier']}",
        "/identity/users/1/access",
    ):
        page = open_page(path, width=width)
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.close()

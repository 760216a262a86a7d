"""Rows that are ticked and cells that are changed in their place, as people do it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.db import session
from tests.rows import make_row

NAMES = [f"Ticked {n}" for n in range(5)]


@pytest.fixture
def companies(site_app):
    from models.crm import Company

    with site_app.app_context():
        made = [make_row(Company, name=name, phone="1") for name in NAMES]
        session().commit()
        keys = [row.id for row in made]
    yield
    with site_app.app_context():
        for key in keys:
            row = session().get(Company, key)
            if row is not None:
                session().delete(row)
        session().commit()


def test_rows_are_ticked_as_a_range_and_changed_after_a_look(open_page, companies):
    page = open_page("/crm/companies/list/?q=Ticked&columns=name,phone&sort=name")
    boxes = page.locator("[data-pick]")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_have_text("3 selected")
    page.keyboard.press("Escape")
    expect(page.locator("[data-bulk]")).to_be_hidden()
    page.get_by_label("Select all on this page").check()
    expect(page.locator("[data-bulk-count]")).to_have_text("5 selected")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("Column").select_option("phone")
    page.get_by_label("Phone").fill("+51 1 555")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".bulk-preview tbody tr")).to_have_count(5)
    page.get_by_role("button", name="Change 5 records").click()
    expect(page.locator(".alert-success")).to_contain_text("5 records were changed.")
    expect(page.locator("td[data-column=phone]").first).to_have_text("+51 1 555")


def test_a_cell_is_changed_by_keyboard_in_its_place(open_page, companies):
    page = open_page("/crm/companies/list/?q=Ticked&columns=name,phone&sort=name")
    cell = page.locator("td[data-column=phone]").first
    cell.focus()
    page.keyboard.press("Enter")
    form = page.locator("[data-inline-form]")
    expect(form.get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(cell).to_be_focused()
    page.keyboard.press("F2")
    expect(form.get_by_role("textbox")).to_be_focused()
    page.keyboard.type("999")
    page.keyboard.press("Enter")
    expect(form).to_have_count(0)
    expect(cell).to_have_text("999")
    expect(cell).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("td[data-column=phone]").nth(1)).to_be_focused()
    cell.dblclick()
    expect(form.get_by_role("textbox")).to_have_value("999")

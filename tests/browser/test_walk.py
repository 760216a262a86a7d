"""A person's walk through a generated screen: sign in, list, add, edit, delete, restore."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.users import PASSWORD


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/crm/companies/list/")
    expect(page).to_have_url(re.compile("/login/"))
    page.fill("#username", "manager")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    expect(page.locator("h1")).to_have_text("Companies")


def test_a_company_is_added_found_edited_deleted_and_restored(chromium, site):
    context = chromium.new_context(locale="en", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    sign_in(page, site)

    page.click("main a:has-text('New')")
    page.click("button:has-text('Save') >> nth=0")
    expect(page.locator("#name:invalid")).to_have_count(1)
    page.fill("#name", "Walkers S.A.C.")
    page.fill("#email", "hola@walkers.pe")
    page.click("button:has-text('Save') >> nth=0")
    expect(page.locator("h1")).to_have_text("Walkers S.A.C.")

    page.click("main a:has-text('Edit')")
    page.fill("#city", "Arequipa")
    page.click("button:has-text('Save') >> nth=0")
    expect(page.get_by_text("Arequipa").first).to_be_visible()

    page.goto(f"{site}/crm/companies/list/?q=walkers")
    page.click("a.row-link")
    expect(page.locator("h1")).to_have_text("Walkers S.A.C.")
    page.click("main >> text=Delete")
    page.fill("[name=reason]", "Entered twice")
    page.click("main form button[type=submit]")
    expect(page.get_by_text("“Walkers S.A.C.” was deleted.")).to_be_visible()
    expect(page.locator("a.row-link", has_text="Walkers S.A.C.")).to_have_count(0)

    page.goto(f"{site}/crm/companies/list/?trash=1")
    page.click("text=Walkers S.A.C.")
    expect(page.get_by_text("Entered twice").first).to_be_visible()
    page.click("main button:has-text('Restore')")
    page.goto(f"{site}/crm/companies/list/?q=walkers")
    expect(page.locator("a.row-link")).to_have_text("Walkers S.A.C.")
    context.close()

"""A person's walk through history and audit: change, look back, restore, find it in the log."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect


def make_company(page: Page, name: str) -> None:
    page.fill("#name", name)
    page.fill("#city", "Arequipa")
    page.fill("#description", "Sells wool and cloth in three shops near the main square.")
    page.click("button:has-text('Save') >> nth=0")
    expect(page.locator("h1")).to_have_text(name)


def change_company(page: Page, **values: str) -> None:
    page.click("main a:has-text('Edit')")
    for name, value in values.items():
        page.fill(f"#{name}", value)
    page.click("button:has-text('Save') >> nth=0")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_change_is_seen_in_the_history_restored_and_found_in_the_log(open_page, width):
    name = f"Looms {width} S.A.C."
    page = open_page("/crm/companies/add", "manager", width)
    make_company(page, name)
    change_company(
        page,
        city="Cusco",
        description="Sells wool and yarn in three shops near the main square.",
    )
    page.click("summary:has-text('Changes')")
    history = page.locator("ol.history")
    expect(history.locator("li").first).to_contain_text("Arequipa")
    expect(history.locator("del", has_text="cloth")).to_have_count(1)
    page.locator("ol.history a:has-text('As it was then')").last.click()
    expect(page.locator("h1")).to_contain_text("as it was")
    page.click("main a:has-text('Restore this version')")
    expect(page.locator("td", has_text="Arequipa")).to_be_visible()
    page.click("main form button:has-text('Restore this version')")
    expect(page.get_by_text("The earlier version was restored.")).to_be_visible()
    expect(page.locator("dd", has_text="Arequipa").first).to_be_visible()

    page.goto("/platform/audit/?period=today&table=crm.companies")
    first = page.locator(".audit-group").first
    expect(first).to_contain_text("Manager Tester")
    expect(first).to_contain_text(name)
    first.locator("a.audit-more").first.click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("th", has_text="City")).to_be_visible()


def test_the_filters_of_the_log_are_used_without_a_mouse(open_page):
    page = open_page("/platform/audit/", "auditor")
    page.locator("summary:has-text('Filter')").press("Enter")
    page.locator("#period").focus()
    page.keyboard.type("Today")
    page.locator("#from").fill("2026-01-05")
    page.locator("#from").dispatch_event("change")
    expect(page.locator("#period")).to_have_value("custom")
    page.locator("button:has-text('Show')").press("Enter")
    expect(page).to_have_url(re.compile(r"/platform/audit/\?period=custom&from=2026-01-05$"))

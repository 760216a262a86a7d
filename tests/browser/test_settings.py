"""The settings page as people use it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

ROW = "#{}-setting"


@pytest.mark.parametrize(
    "path",
    [
        "/settings/company",
        "/settings/sales",
        "/settings/crm",
        "/settings/billing",
        "/settings/payments",
        "/settings/?q=sales",
    ],
)
@pytest.mark.parametrize("width", [1440, 390])
def test_groups_fit_the_window_and_break_no_rule_of_the_content_policy(open_page, path, width):
    page = open_page(path, width=width)
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1")).to_have_text("Settings")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_setting_is_changed_and_put_back_to_its_default(open_page):
    page = open_page("/settings/sales")
    row = page.locator(ROW.format("sales-cash_tolerance"))
    expect(row.locator("[data-reset]")).to_be_hidden()
    row.get_by_label("Cash tolerance").fill("12.50")
    expect(page.locator("[data-unsaved]")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".alert-success")).to_contain_text("1 setting was changed")
    expect(row.locator(".badge")).to_have_text("Changed")
    row.get_by_role("button", name="Reset to default").click()
    expect(row.get_by_label("Cash tolerance")).to_have_value("10.00")
    page.keyboard.press("Control+s")
    expect(page.locator(".alert-success")).to_be_visible()
    expect(row.locator(".badge")).to_have_count(0)


def test_a_list_is_edited_as_labels_and_put_back(open_page):
    page = open_page("/settings/billing")
    row = page.locator(ROW.format("billing-reminder_days"))
    expect(row.locator(".ts-control .item")).to_have_count(4)
    row.locator("input[type=text], .ts-control input").last.fill("30")
    page.keyboard.press("Enter")
    expect(row.locator(".ts-control .item")).to_have_count(5)
    row.get_by_role("button", name="Reset to default").click()
    expect(row.locator(".ts-control .item")).to_have_count(4)
    page.close(run_before_unload=False)


def test_a_mistake_in_json_is_told_by_line_and_the_text_stays(open_page):
    page = open_page("/settings/crm")
    page.fill("#crm-lead_score", '{\n"has_contact": ten\n}')
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#crm-lead_score-error")).to_contain_text("line 2")
    expect(page.locator("#crm-lead_score")).to_have_value('{\n"has_contact": ten\n}')
    page.close(run_before_unload=False)


def test_the_search_leads_to_the_setting(open_page):
    page = open_page("/settings/company")
    page.keyboard.press("/")
    page.keyboard.type("cash tolerance")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Cash tolerance").click()
    expect(page.locator(ROW.format("sales-cash_tolerance"))).to_be_in_viewport()


def test_who_may_only_read_can_not_type(open_page):
    page = open_page("/settings/sales", role="auditor")
    expect(page.get_by_label("Cash tolerance")).to_be_disabled()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)


def test_the_page_opens_at_its_top_with_its_place_in_the_menu_in_view(open_page):
    page = open_page("/settings/company")
    page.set_viewport_size({"width": 1440, "height": 500})
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("scrollY") == 0
    expect(page.locator("#navigation .nav-leaf[aria-current]")).to_be_in_viewport()

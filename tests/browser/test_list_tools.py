"""What stands above a list, as people use it: columns, the filter builder, views that are kept."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.db import atomic, session
from models.crm import Company
from models.workspace import SavedView
from tests.rows import make_row

LIST = "/crm/companies/list/?q=Toolbox&columns=name,phone&sort=name"


@pytest.fixture
def companies(site_app):
    """Three companies whose names begin alike, each with a telephone number of its own."""
    with site_app.app_context(), atomic():
        made = [
            make_row(Company, name=f"Toolbox {n}", phone=phone, email="toolbox@example.com")
            for n, phone in enumerate(("111", "222", "333"))
        ]
        session().flush()
        keys = [row.id for row in made]
    yield
    with site_app.app_context(), atomic():
        for key in keys:
            session().delete(session().get_one(Company, key))
        session().query(SavedView).filter_by(name="Toolbox numbers").delete()


def names(page):
    return page.locator("[data-row] td[data-column=name]")


def test_columns_are_chosen_and_taken_back(open_page, companies):
    page = open_page("/crm/companies/list/?q=Toolbox")
    head = page.locator("[data-records] thead")
    page.get_by_role("link", name="Columns").click()
    panel = page.get_by_role("dialog", name="Columns")
    panel.get_by_placeholder("Find a column").fill("phone")
    expect(panel.locator("[data-column-item]:visible")).to_have_count(1)
    was_shown = panel.get_by_label("Phone", exact=True).is_checked()
    panel.get_by_label("Phone", exact=True).set_checked(not was_shown)
    panel.get_by_role("button", name="Show these columns").click()
    expect(head.get_by_text("Phone", exact=True)).to_have_count(int(not was_shown))
    page.get_by_role("link", name="Columns").click()
    panel.get_by_role("button", name="Back to the usual columns").click()
    expect(head.get_by_text("Phone", exact=True)).to_have_count(int(was_shown))


def test_a_group_of_conditions_is_built_and_kept_as_a_view(open_page, companies):
    page = open_page(LIST)
    expect(names(page)).to_have_count(3)
    page.keyboard.press("f")
    builder = page.get_by_role("dialog", name="Filter")
    builder.get_by_label("How many of these conditions must hold").select_option("or")
    condition = builder.locator("[data-condition]")
    expect(condition).to_have_count(1)
    builder.get_by_role("button", name="Condition", exact=True).click()
    for row, number in ((condition.nth(0), "111"), (condition.nth(1), "333")):
        row.get_by_label("Column").select_option("phone")
        row.get_by_label("Operator").select_option("eq")
        row.get_by_label("Value").fill(number)
    builder.get_by_role("button", name="Show").click()
    expect(names(page)).to_have_text([re.compile("Toolbox 0"), re.compile("Toolbox 2")])

    page.keyboard.press("v")
    page.get_by_role("link", name="Keep and arrange views").click()
    panel = page.get_by_role("dialog", name="Saved views")
    panel.get_by_placeholder("Name of the view").fill("Toolbox numbers")
    panel.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("button", name="Toolbox numbers")).to_be_visible()

    page.goto("/crm/companies/list/")
    page.keyboard.press("v")
    page.get_by_role("link", name="Toolbox numbers").click()
    expect(names(page)).to_have_text([re.compile("Toolbox 0"), re.compile("Toolbox 2")])

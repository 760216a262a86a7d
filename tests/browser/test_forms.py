"""Forms in a real browser: rows, drafts, adding in place, a conflict; and what axe says of them."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from app.db import session
from tests.browser.axe import violations
from tests.rows import make_row


@pytest.fixture
def deal(site_app) -> str:
    from models.crm import Deal, DealProduct
    from models.services import ServiceProduct

    with site_app.app_context():
        row = make_row(Deal, name="Licences")
        service = make_row(ServiceProduct, name="Support")
        make_row(DealProduct, deal_id=row.id, product_id=service.id, quantity=2, unit_price=350)
        session().commit()
        return str(row.id)


def test_rows_are_added_and_what_they_come_to_is_shown(open_page, site_app, deal):
    page = open_page(f"/crm/deals/edit/{deal}")
    lines = page.locator("#deal_products")
    expect(lines.locator("[data-line-total]")).to_have_text("S/ 700.00")
    lines.get_by_role("button", name="Add row").click()
    new = lines.locator("[data-line]").nth(1)
    new.locator(".ts-control").click()
    page.keyboard.type("Support")
    page.locator(".ts-dropdown .option", has_text="Support").first.click()
    new.locator('[data-column="quantity"] input').fill("3")
    new.locator('[data-column="unit_price"] input').fill("10")
    new.locator('[data-column="discount_percent"] input').fill("10")
    expect(new.locator("[data-line-amount]")).to_have_text("27.00")
    expect(lines.locator("[data-line-total]")).to_have_text("S/ 727.00")
    assert violations(page, site_app) == []
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("h1")).to_have_text("Licences")
    page.goto(f"/crm/deals/edit/{deal}")
    expect(lines.locator("[data-line]")).to_have_count(2)


def test_rows_move_by_keyboard(open_page, site_app):
    from models.billing import RecurringInvoice, RecurringInvoiceLineItem

    with site_app.app_context():
        invoice = make_row(RecurringInvoice)
        for place, name in enumerate(("First", "Second")):
            make_row(
                RecurringInvoiceLineItem,
                recurring_invoice_id=invoice.id,
                name=name,
                sort_order=place,
            )
        session().commit()
        key = invoice.id
    page = open_page(f"/billing/recurring_invoices/edit/{key}")
    page.get_by_role("button", name="Move down: First").focus()
    page.keyboard.press("Enter")
    names = page.locator('[data-line-rows] [data-column="name"] input')
    expect(names.first).to_have_value("Second")
    page.keyboard.press("Control+s")
    expect(page.locator("h1")).to_be_visible()
    page.goto(f"/billing/recurring_invoices/edit/{key}")
    expect(names.first).to_have_value("Second")


def test_what_was_typed_is_offered_again_and_leaving_asks(open_page, site_app):
    page = open_page("/crm/companies/add")
    questions = []
    page.on("dialog", lambda dialog: (questions.append(dialog.type), dialog.accept()))
    with page.expect_response(lambda r: r.url.endswith("/add/draft") and r.ok):
        page.fill("#name", "Half typed")
    expect(page.locator("[data-unsaved-text]")).to_contain_text("Kept as a draft")
    page.goto("/crm/companies/list/")
    assert questions == ["beforeunload"]
    page.goto("/crm/companies/add")
    expect(page.locator("#name")).to_have_value("")
    page.get_by_role("link", name="Restore").click()
    expect(page.locator("#name")).to_have_value("Half typed")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("h1")).to_have_text("Half typed")
    page.goto("/crm/companies/add")
    expect(page.locator("[data-draft-offer]")).to_have_count(0)


def test_a_record_is_added_without_leaving_the_form(open_page, site_app):
    page = open_page("/catalog/products/add")
    page.get_by_role("button", name="New record for Brand").click()
    dialog = page.locator("#create-record")
    expect(dialog.locator("h2")).to_have_text("New: Brand")
    assert violations(page, site_app) == []
    dialog.get_by_label("Name").fill("Paisana")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator('[data-field="brand_id"] .item')).to_have_text("Paisana")


def test_a_conflict_is_solved_field_by_field(open_page, site_app):
    from models.crm import Company

    with site_app.app_context():
        company = make_row(Company, name="Conflicted", phone="1", city="Lima")
        session().commit()
        key = company.id
    page = open_page(f"/crm/companies/edit/{key}")
    page.fill("#phone", "2")
    with site_app.app_context():
        later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
        changed = {"phone": "3", "city": "Cusco", "updated_at": later}
        session().execute(sa.update(Company).where(Company.id == key).values(**changed))
        session().commit()
    page.get_by_role("button", name="Save", exact=True).click()
    card = page.locator(".conflict-card")
    expect(card).to_be_visible()
    assert violations(page, site_app) == []
    card.locator('input[name="keep_phone"][value="theirs"]').check()
    card.locator("#phone").fill("4")
    expect(card.locator('input[name="keep_phone"][value="yours"]')).to_be_checked()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("h1")).to_have_text("Conflicted")
    with site_app.app_context():
        row = session().get(Company, key)
        assert (row.phone, row.city) == ("4", "Cusco")


@pytest.mark.parametrize(
    "path",
    [
        "/catalog/products/add",
        "/documents/documents/add",
        "/catalog/product_variants/add",
        "/services/jobs/add",
        "/billing/customer_billing_info/add",
    ],
)
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_on_forms(open_page, site_app, path, width):
    page = open_page(path, width=width, color_scheme="dark" if width == 390 else "light")
    expect(page.locator("form[data-guard]")).to_be_visible()
    assert violations(page, site_app) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

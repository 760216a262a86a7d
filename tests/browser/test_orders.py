"""Orders, approvals and promotions as people work with them, by keyboard and on a phone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from app.db import session
from models.sales import Order, OrderApproval, Promotion
from tests.browser.axe import violations
from tests.sales.ordering import Desk


@dataclass(frozen=True)
class Shop:
    desk: Desk
    name: str
    sku: str


@pytest.fixture
def shop(site_app: Flask) -> Shop:
    """A desk in the context of the site, with a customer of a name of its own."""
    with site_app.app_context():
        from models.catalog import ProductVariant
        from models.customers import Customer

        desk, name = Desk(), f"Rosa {uuid.uuid4().hex[:8]}"
        session().get_one(Customer, desk.customer).full_name = name
        sku = session().get_one(ProductVariant, desk.variant).sku
        session().commit()
        yield Shop(desk, name, sku)
        session().rollback()


def test_an_order_is_taken_by_telephone(open_page, shop: Shop, site_app: Flask) -> None:
    page = open_page("/sales/order/new/", "cashier")
    page.select_option("#location_id", str(shop.desk.place))
    page.locator("#customer_id-ts-control").fill(shop.name)
    page.get_by_role("option", name=shop.name).click()
    page.locator("[data-lines-find]").focus()
    for _scan in range(2):
        page.keyboard.type(shop.sku)
        page.keyboard.press("Enter")
    page.fill("#delivery_address", "Av. Larco 345")
    page.fill("#shipping_cost", "10")
    expect(page.locator("#order-price")).to_contain_text("S/ 50.00")
    assert violations(page, site_app) == []
    page.get_by_role("button", name="Take the order").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("PED-")
    assert violations(page, site_app) == []
    session().rollback()
    made = session().scalars(sa.select(Order).where(Order.customer_id == shop.desk.customer)).one()
    assert (made.status, str(made.grand_total)) == ("confirmed", "50.00")


def test_a_request_is_approved_by_keys(open_page, shop: Shop, site_app: Flask) -> None:
    order_id = shop.desk.order("paid")
    asked = shop.desk.move(order_id, "cancelled", "Bought twice").approval_id
    session().commit()
    page = open_page("/sales/approvals/", "manager", width=390)
    expect(page.get_by_text("Bought twice")).to_be_visible()
    assert violations(page, site_app) == []
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("a")
    expect(page.get_by_role("status").filter(has_text="1 request was approved")).to_be_visible()
    session().rollback()
    assert session().get_one(OrderApproval, asked).status == "approved"


def test_a_promotion_is_built_and_tried(open_page, shop: Shop, site_app: Flask) -> None:
    page = open_page("/sales/promotion_builder/new", "manager")
    name = f"Offer {uuid.uuid4().hex[:8]}"
    page.fill("#name", name)
    page.select_option("#type", "nth_item")
    expect(page.locator("#c-buy")).to_be_hidden()
    page.fill("#c-nth", "2")
    page.fill("#value", "50")
    expect(page.locator("#promotion-live")).to_contain_text("each 2. piece of everything with 50 %")
    page.locator("[data-lines-find]").focus()
    for _scan in range(2):
        page.keyboard.type(shop.sku)
        page.keyboard.press("Enter")
    expect(page.locator("#promotion-live")).to_contain_text("takes S/ 10.00 off")
    assert violations(page, site_app) == []
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    assert violations(page, site_app) == []
    session().rollback()
    row = session().scalars(sa.select(Promotion).where(Promotion.name == name)).one()
    row.is_active = False  # the other tests' prices are not to be touched
    session().commit()
    assert row.conditions == {"nth": 2}

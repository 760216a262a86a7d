"""A factura at the till, without a mouse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from app.db import atomic, session
from app.services.sales.cash_sessions import read_cash_position
from app.services.sales.close_cash_session import CloseCashSession, close_cash_session
from models.catalog import ProductVariant
from models.sales import CashSession
from models.sunat import DocumentSequence, ElectronicDocument
from tests.browser.axe import violations
from tests.issuing.books import add_issuer
from tests.services.shop import NOW, Shop, add_variant, open_shop, receive

ROW = DocumentSequence


@pytest.fixture
def shop(site_app: Flask) -> Iterator[Shop]:
    """The cashier's open till with series of its own, the only ones in use; afterwards all is as it
    was, for the site is shared."""
    with site_app.app_context():
        shop = open_shop()
        others = set_in_use(session().scalars(sa.select(ROW.id).where(ROW.is_active)), False)
        own = add_issuer(shop.location, ruc="20512345671")
        yield shop
        session().rollback()
        counted = read_cash_position(session().get_one(CashSession, shop.till)).expected
        close_cash_session(CloseCashSession(shop.till, counted), actor=shop.actor, now=NOW)
        set_in_use(session().scalars(sa.select(ROW.id).where(ROW.company_id == own)), False)
        set_in_use(others, True)


def set_in_use(keys: Iterable[int], used: bool) -> list[int]:
    """Switch the series on or off; gives their keys."""
    found = list(keys)
    with atomic() as current:
        current.execute(sa.update(ROW).where(ROW.id.in_(found)).values(is_active=used))
    return found


def test_a_factura_needs_no_mouse_and_asks_who_buys(open_page, site_app: Flask, shop: Shop) -> None:
    variant = add_variant("11.80", name="Manta de alpaca", barcode="7751234567890")
    receive(shop.location, {variant: 3})
    code = session().get_one(ProductVariant, variant).barcode
    page = open_page("/pos/", "cashier")
    page.keyboard.type(f"{code}\n")
    expect(page.locator(".till-line")).to_have_count(1)
    page.keyboard.press("Shift+F3")
    expect(page.get_by_role("dialog")).to_contain_text("A factura needs a customer with a RUC.")
    assert violations(page, site_app) == []
    page.keyboard.type("20600995805")
    expect(page.locator("#till-doc-number")).to_have_value("20600995805")
    page.locator("#till-full-name").focus()
    page.keyboard.type("COMERCIAL LOS ANDES E.I.R.L.\n")
    expect(page.locator("#till-customer")).to_contain_text("COMERCIAL LOS ANDES")
    expect(page.get_by_role("radio", name="Factura")).to_be_checked()
    assert violations(page, site_app) == []
    page.keyboard.press("F8")
    page.keyboard.type("20")
    page.keyboard.press("F9")
    page.wait_for_url("**/pos/receipt/*")
    expect(page.locator(".receipt-figures")).to_contain_text("F001-1")
    session().rollback()
    row = session().scalars(sa.select(ElectronicDocument).order_by(-ElectronicDocument.id)).first()
    assert (row.document_type, row.customer_doc_number) == ("01", "20600995805")

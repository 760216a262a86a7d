"""Amounts on the page of a record have the sign of their currency, shares have theirs."""

from __future__ import annotations

import pytest

from app.admin.describe import describe
from app.admin.money import currency_field, is_money
from app.db import session
from models.billing import Invoice, InvoiceLineItem
from models.catalog import Product
from models.crm import Deal, DealProduct
from tests.rows import make_row
from tests.security.scoped_rows import add_people


def page_of(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.text.replace("\xa0", " ")


@pytest.fixture
def admin(sign_in):
    return sign_in("admin")


def test_an_amount_without_a_currency_is_in_that_of_the_business(db_session, admin):
    product = make_row(Product, base_price="12.50")
    session().commit()
    assert "S/ 12.50" in page_of(admin, f"/catalog/products/show/{product.id}")


def test_an_amount_is_in_the_currency_of_its_row(db_session, admin):
    deal = make_row(Deal, amount="1200.00", currency="USD")
    session().commit()
    page = page_of(admin, f"/crm/deals/show/{deal.id}")
    assert "$ 1,200.00" in page or "US$ 1,200.00" in page


def test_an_amount_of_a_line_is_in_the_currency_of_its_document(db_session, admin):
    invoice = make_row(Invoice, currency="USD", exchange_rate="3.75")
    line = make_row(InvoiceLineItem, invoice_id=invoice.id, quantity=1, unit_price="80.00")
    session().commit()
    page = page_of(admin, f"/billing/invoice_line_items/show/{line.id}")
    assert "$ 80.00" in page


def test_a_share_has_its_sign(db_session, admin):
    deal = make_row(Deal)
    line = make_row(DealProduct, deal_id=deal.id, discount_percent="10")
    session().commit()
    page = page_of(admin, f"/crm/deal_products/show/{line.id}")
    assert "10.00 %" in page


@pytest.mark.parametrize(
    ("model", "name"),
    [(Invoice, "shipping_charge"), (Invoice, "credits_applied"), (InvoiceLineItem, "unit_price")],
)
def test_every_amount_of_a_document_is_summed_by_its_currency(app, model, name):
    found = currency_field(describe(model).fields[name], model)
    assert found is not None
    assert found.name == "currency"


def test_what_may_be_a_share_or_an_amount_is_neither(app):
    assert not is_money(describe(Invoice).fields["discount_value"])


def test_a_card_has_the_amount_with_its_sign_in_place_of_the_currency(db_session, admin):
    make_row(Deal, name="Carded", amount="1200.00", currency="USD")
    session().commit()
    page = page_of(admin, "/crm/deals/board/?q=Carded")
    assert "$ 1,200.00" in page
    assert "Currency" not in page


def test_whose_currency_is_hidden_sees_amounts_without_a_sign(db_session, sign_in):
    add_people({"scope": {"*": "all"}, "hidden_fields": {"crm.deals": ["currency"]}})
    deal = make_row(Deal, name="Coinless", amount="1200.00", currency="USD")
    session().commit()
    client = sign_in("ana")
    for path in (f"/crm/deals/show/{deal.id}", "/crm/deals/board/?q=Coinless"):
        page = page_of(client, path)
        assert "1,200.00" in page
        assert "$ 1,200.00" not in page
        assert "S/ 1,200.00" not in page
    form = page_of(client, f"/crm/deals/edit/{deal.id}")
    assert "1200.00" in form
    assert ">$<" not in form
    assert ">S/<" not in form


def test_a_line_whose_documents_hide_their_currency_has_no_sign(db_session, sign_in):
    add_people({"scope": {"*": "all"}, "hidden_fields": {"billing.invoices": ["currency"]}})
    invoice = make_row(Invoice, currency="USD", exchange_rate="3.75")
    line = make_row(InvoiceLineItem, invoice_id=invoice.id, quantity=1, unit_price="80.00")
    session().commit()
    page = page_of(sign_in("ana"), f"/billing/invoice_line_items/show/{line.id}")
    assert "80.00" in page
    assert "$ 80.00" not in page
    assert "S/ 80.00" not in page

"""The pages of returns over HTTP: sums, refusals, slips, exchanges at the till, rights."""

from __future__ import annotations

import html
import json
import re
import uuid
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.domain.tenders import Tender
from app.services.identity.set_pin import SetPin, set_pin
from models.sales import CashSession, Order, OrderReturn
from tests.sales_returns.counter import open_counter, order_of, sell
from tests.services.shop import NOW, add_variant, cashier, receive
from tests.users import PASSWORD

JSON = {"Accept": "application/json"}
PIN = "739201"


@pytest.fixture
def shop(db_session):
    return open_counter()


@pytest.fixture
def order(shop) -> Order:
    """Three pieces at S/ 10.37, two of them paid by Yape."""
    variant = add_variant("10.37", name="Chompa de alpaca")
    receive(shop.location, {variant: 10})
    tenders = (Tender("yape", Decimal("20.74"), "1"), Tender("cash", Decimal("10.37")))
    return sell(shop, {variant: 3}, "31.11", *tenders)


def form_of(shop, order: Order, pieces: int, **given: str) -> dict[str, str]:
    item = order.items[0].id
    return {
        "key": str(uuid.uuid4()),
        "cash_session_id": str(shop.till),
        f"quantity-{item}": str(pieces),
        f"restock-{item}": "y",
        "reason": "It doesn't fit",
        **given,
    }


def test_a_sale_is_found_by_its_number_and_opened(sign_in, shop, order):
    client = sign_in("cashier")
    found = client.get("/returns/", query_string={"q": order.order_number.lower()})
    assert found.location == f"/returns/{order.id}"
    assert order.order_number in client.get("/returns/").text
    assert "No sale found" in client.get("/returns/?q=nothing-like-it").text
    page = client.get(f"/returns/{order.id}").text
    assert "Chompa de alpaca" in page
    assert "Choose what comes back" in page


def test_the_server_says_what_is_given_back(sign_in, shop, order):
    client = sign_in("cashier")
    page = client.post(f"/returns/{order.id}/sums", data=form_of(shop, order, 2)).text
    assert "S/ 20.74" in page
    assert re.search(r'name="amount-yape" value="20.74"', page)
    for wrong in ("x", "-1", "1.5"):
        answer = client.post(f"/returns/{order.id}/sums", data=form_of(shop, order, wrong))
        assert (answer.status_code, "whole number" in answer.text) == (200, True)
    many = form_of(shop, order, 4, **{"amount-cash": "1"})
    assert "3 at most" in client.post(f"/returns/{order.id}", data=many).text


def test_goods_are_taken_back_once_per_form_and_have_a_slip(sign_in, shop, order):
    client = sign_in("cashier")
    form = form_of(shop, order, 1, **{"amount-yape": "10,37", "reference-yape": "777"})
    first = client.post(f"/returns/{order.id}", data=form)
    assert first.status_code == 302, first.text
    assert client.post(f"/returns/{order.id}", data=form).location == first.location
    [row] = session().scalars(sa.select(OrderReturn))
    page = client.get(first.location).text
    assert row.number in page
    assert "S/ 10.37" in page
    pdf = client.get(f"{first.location}.pdf")
    assert (pdf.mimetype, pdf.data[:4]) == ("application/pdf", b"%PDF")
    assert client.get("/returns/receipt/999999").status_code == 404


def test_a_refusal_keeps_what_was_typed_and_says_what_is_wrong(sign_in, shop, order):
    client = sign_in("cashier")
    form = form_of(shop, order, 1, **{"amount-yape": "9.99", "reference-yape": "", "reason": ""})
    for change, said in (
        ({"reason": "Torn"}, "Type the number of the operation."),
        (
            {"reason": "Torn", "reference-yape": "7"},
            "S/ 0.38 of S/ 10.37 is still to be",
        ),
        ({"reference-yape": "7"}, "Say why the goods come back."),
        ({"reason": "Torn", "amount-yape": "much"}, "This is not an amount."),
        ({"key": "x"}, "reload"),
    ):
        answer = client.post(f"/returns/{order.id}", data=form | change)
        assert answer.status_code == 422, said
        page = html.unescape(answer.text)
        assert said in page
        assert f'value="{(form | change)["reason"]}"' in page
        assert 'value="1" aria-label="How many of' in page
    assert session().scalar(sa.select(OrderReturn.id)) is None


def test_above_ones_limit_the_page_asks_for_a_supervisor(sign_in, shop, order):
    client, manager = sign_in("cashier"), cashier("manager")
    set_pin(SetPin(PASSWORD, PIN), actor=manager, now=NOW)
    dear = add_variant("900.00")
    receive(shop.location, {dear: 1})
    sale = sell(shop, {dear: 1}, "900.00", Tender("card", Decimal(900), "1"))
    form = form_of(shop, sale, 1, **{"amount-card": "900", "reference-card": "2"})
    assert "needs a supervisor" in client.post(f"/returns/{sale.id}/sums", data=form).text
    assert client.post(f"/returns/{sale.id}", data=form).status_code == 403
    wrong = form | {"approver": "manager", "pin": "0000"}
    refused = client.post(f"/returns/{sale.id}", data=wrong)
    assert refused.status_code == 403
    assert 'value="manager"' in refused.text
    right = client.post(f"/returns/{sale.id}", data=wrong | {"pin": PIN})
    assert right.status_code == 302, right.text
    assert session().scalar(sa.select(OrderReturn.approved_by)) == manager.user_id


def test_an_exchange_goes_to_the_till_and_is_sold_there(sign_in, shop, order):
    client, other = sign_in("cashier"), add_variant("15.00")
    receive(shop.location, {other: 1})
    page = client.post(f"/returns/{order.id}/exchange", data=form_of(shop, order, 1))
    taken = json.loads(html.unescape(re.search(r'data-taken="([^"]*)"', page.text)[1]))
    assert (taken["worth"], taken["number"]) == ("10.37", order.order_number)
    body = {
        "key": taken["key"],
        "cash_session_id": shop.till,
        "order_id": taken["order_id"],
        "items": taken["items"],
        "reason": taken["reason"],
        "refund_approval": taken["approval"],
        "lines": [{"variant_id": other, "quantity": 1}],
        "expected_total": "15.00",
        "tenders": [{"method": "cash", "amount": "5.00"}],
        "approval": "",
    }
    first = client.post("/returns/exchange", json=body, headers=JSON)
    assert first.status_code == 200, first.text
    assert client.post("/returns/exchange", json=body, headers=JSON).json == first.json
    sold = order_of(first.json["order_id"])
    assert {one.method: one.amount for one in sold.payments} == {
        "exchange": Decimal("10.37"), "cash": Decimal("4.60"),
    }  # fmt: skip
    assert client.get(first.json["url"]).status_code == 200
    refused = client.post(f"/returns/{order.id}/exchange", data=form_of(shop, order, 0))
    assert refused.status_code == 422


def test_without_a_till_money_goes_back_otherwise(sign_in, shop, order):
    with atomic() as current:
        current.execute(
            sa.update(CashSession).values(
                status="closed", closed_at=sa.func.now(), expected_cash=0, actual_cash=0
            )
        )
    page = sign_in("cashier").post(f"/returns/{order.id}/sums", data=form_of(shop, order, 1)).text
    assert "amount-cash" not in page
    assert "amount-yape" in page


def test_the_order_page_leads_to_what_its_state_allows(sign_in, shop, order):
    client = sign_in("manager")
    page = client.get(f"/sales/orders/show/{order.id}").text
    assert f"/returns/{order.id}" in page
    assert f"/orders/cancel/{order.id}" not in page
    with atomic() as current:
        current.execute(sa.update(Order).values(status="confirmed"))
    page = client.get(f"/sales/orders/show/{order.id}").text
    assert f"/orders/cancel/{order.id}" in page
    assert f'href="/returns/{order.id}"' not in page
    assert client.get(f"/orders/cancel/{order.id}").status_code == 200
    assert 'name="pin"' not in client.get(f"/orders/cancel/{order.id}").text
    form = {"key": str(uuid.uuid4()), "reason": "", "amount-card": ""}
    assert client.post(f"/orders/cancel/{order.id}", data=form).status_code == 422
    paid = form | {"reason": "Twice", "amount-yape": "31.11", "reference-yape": "3"}
    assert client.post(f"/orders/cancel/{order.id}", data=paid).status_code == 422
    with_card = paid | {"amount-yape": "20.74", "amount-cash": "10.37"}
    assert "open cash session" in client.post(f"/orders/cancel/{order.id}", data=with_card).text
    with atomic() as current:
        current.execute(sa.update(Order).values(status="paid"))
        current.execute(sa.text("UPDATE sales.payments SET method = 'yape', tendered = NULL"))
    assert 'name="pin"' in client.get(f"/orders/cancel/{order.id}").text
    refused = client.post(f"/orders/cancel/{order.id}", data=paid)
    assert (refused.status_code, "must be approved" in refused.text) == (403, True)


def test_only_who_may_opens_the_pages(sign_in, shop, order):
    assert sign_in("warehouse").get(f"/returns/{order.id}", headers=JSON).status_code == 403
    auditor = sign_in("auditor")
    assert auditor.get("/returns/").status_code == 200
    assert auditor.get(f"/returns/{order.id}", headers=JSON).status_code == 403
    answer = auditor.post(f"/returns/{order.id}", data=form_of(shop, order, 1), headers=JSON)
    assert answer.status_code == 403
    cancelling = sign_in("auditor").get(f"/orders/cancel/{order.id}", headers=JSON)
    assert cancelling.status_code == 403


def test_a_page_costs_the_same_number_of_statements_for_any_number_of_lines(
    sign_in, shop, count_statements
):
    client, counts = sign_in("cashier"), []
    for lines in (1, 9):
        variants = [add_variant("10.00") for _ in range(lines)]
        receive(shop.location, dict.fromkeys(variants, 1))
        sale = sell(shop, dict.fromkeys(variants, 1), f"{lines * 10}.00")
        client.get(f"/returns/{sale.id}")
        with count_statements() as statements:
            assert client.get(f"/returns/{sale.id}").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]

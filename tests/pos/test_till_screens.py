"""The screens of the till over HTTP: pages, JSON, rights, bad input."""

from __future__ import annotations

import uuid
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app import storage
from app.db import atomic, session
from app.services.sales.cash_sessions import find_open_session
from app.services.sales.make_receipt import make_receipt
from models.inventory import Location
from models.messaging import EmailLog
from models.sales import CashMovement, CashSession, Order
from tests.services.shop import add_location, add_variant, cashier, open_shop, receive

JSON = {"Accept": "application/json"}


@pytest.fixture
def shop(db_session, tmp_path: Path, app):
    storage.configure(tmp_path)
    yield open_shop()
    storage.configure(app.config["STORAGE_DIR"])


def cart(shop, lines: dict[int, int], total: str, cash: str, **other: object) -> dict[str, object]:
    return {
        "key": str(uuid.uuid4()),
        "cash_session_id": shop.till,
        "lines": [{"variant_id": variant, "quantity": n} for variant, n in lines.items()],
        "expected_total": total,
        "tenders": [{"method": "cash", "amount": cash}],
        **other,
    }


def charge(client: FlaskClient, body: object):
    return client.post("/pos/checkout", json=body, headers=JSON)


def test_without_a_session_the_till_offers_to_open_one(db_session, sign_in) -> None:
    place = add_location()
    page = sign_in("cashier").get("/pos/").text
    assert session().get_one(Location, place).name in page
    assert 'action="/cash/open"' in page


def test_opening_a_session_leads_to_the_till(db_session, sign_in) -> None:
    client, place = sign_in("cashier"), add_location()
    form = {"location_id": place, "starting_cash": "1,250.50"}
    for _ in range(2):  # the second click finds it open
        assert client.post("/cash/open", data=form).location == "/pos/"
    till = find_open_session(cashier().user_id)
    assert (till.location_id, till.starting_cash) == (place, Decimal("1250.50"))
    assert f'data-session="{till.id}"' in client.get("/pos/").text


@pytest.mark.parametrize("cash", ["", "abc", "-5", "1.234", "1e99"])
def test_a_bad_float_is_said_beside_the_field(db_session, sign_in, cash: str) -> None:
    form = {"location_id": add_location(), "starting_cash": cash}
    answer = sign_in("cashier").post("/cash/open", data=form)
    assert answer.status_code == 422
    assert 'id="starting_cash-error"' in answer.text
    assert find_open_session(cashier().user_id) is None


def test_products_are_found_by_code_and_by_words(shop, sign_in) -> None:
    token = uuid.uuid4().hex[:8]
    variant = add_variant("7.50", name=f"Chompa {token} fina", size="M", barcode=f"77{token}")
    receive(shop.location, {variant: 3})
    client = sign_in("cashier")

    def found(text: str) -> list[dict[str, object]]:
        return client.get("/pos/products", query_string={"q": text}).json["products"]

    [by_code] = found(f"77{token}")
    assert by_code["exact"] is True
    assert (by_code["price"], by_code["available"]) == ("7.5000", 3)
    [by_words] = found(f"{token} chom")
    assert (by_words["name"], by_words["exact"]) == (f"Chompa {token} fina M", False)
    assert found("") == found("%") == found("' OR 1=1 --") == found("\x00") == []


def test_a_sale_answers_with_the_address_of_its_receipt(shop, sign_in) -> None:
    variant, client = add_variant("10.37"), sign_in("cashier")
    receive(shop.location, {variant: 5})
    body = cart(shop, {variant: 1}, "10.37", "20")
    first, again = charge(client, body).json, charge(client, body).json
    assert (first["to_pay"], first["change"], first["replayed"]) == ("10.30", "9.70", False)
    assert again == first | {"replayed": True}
    page = client.get(first["url"]).text
    assert first["order_number"] in page
    assert "S/ 9.70" in page


def test_too_little_stock_names_the_line(shop, sign_in) -> None:
    variant = add_variant("1")
    receive(shop.location, {variant: 1})
    answer = charge(sign_in("cashier"), cart(shop, {variant: 2}, "2", "2"))
    assert (answer.status_code, answer.json["code"]) == (409, "insufficient_stock")
    [line] = answer.json["data"]["lines"]
    assert (line["variant_id"], line["available"], line["wanted"]) == (variant, 1, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"key": ""},
        {"key": None},
        {"key": "../../etc"},
        {"lines": "x"},
        {"lines": [1]},
        {"lines": []},
        {"lines": [{"variant_id": 1, "quantity": 1.5}]},
        {"lines": [{"variant_id": "1", "quantity": 1}]},
        {"lines": [{"variant_id": 1, "quantity": True}]},
        {"lines": [{"variant_id": 10**30, "quantity": 1}]},
        {"expected_total": 1.0},
        {"expected_total": "NaN"},
        {"expected_total": "-1"},
        {"tenders": [{"method": "cash", "amount": "1.005"}]},
        {"tenders": [{"method": "magic", "amount": "1"}]},
        {"cash_session_id": None},
    ],
)
def test_what_is_no_cart_is_refused_in_a_sentence(shop, sign_in, change) -> None:
    answer = charge(sign_in("cashier"), cart(shop, {1: 1}, "1", "1") | change)
    assert answer.status_code in (400, 422)
    assert answer.json["message"]


@pytest.mark.parametrize("body", [None, [], "x", 5])
def test_what_is_no_object_is_refused(shop, sign_in, body) -> None:
    assert charge(sign_in("cashier"), body).status_code == 422


def test_only_who_may_sell_sells(shop, sign_in, client) -> None:
    body = cart(shop, {1: 1}, "1", "1")
    assert charge(client, body).status_code == 401
    assert charge(sign_in("auditor"), body).status_code == 403
    assert client.get("/pos/products?q=x").status_code in (200, 403)


def test_receipts_of_orders_that_are_not_there_are_not_found(shop, sign_in) -> None:
    client = sign_in("cashier")
    for path in ("/pos/receipt/1", "/pos/receipt/1.pdf", "/pos/receipt/99999999999999999999999"):
        assert client.get(path).status_code == 404


def test_the_receipt_waits_and_then_shows_the_pdf(shop, sign_in) -> None:
    variant, client = add_variant("1"), sign_in("cashier")
    receive(shop.location, {variant: 1})
    sold = charge(client, cart(shop, {variant: 1}, "1", "1")).json
    path = f"/pos/receipt/{sold['order_id']}"
    assert "hx-get" in client.get(f"{path}/state").text
    assert client.get(f"{path}.pdf").status_code == 404
    make_receipt(sold["order_id"])
    assert f"{path}.pdf" in client.get(f"{path}/state").text
    pdf = client.get(f"{path}.pdf")
    assert (pdf.mimetype, pdf.data[:4]) == ("application/pdf", b"%PDF")


def test_a_receipt_is_queued_for_mail_once_per_form(shop, sign_in) -> None:
    variant, client = add_variant("1"), sign_in("cashier")
    receive(shop.location, {variant: 1})
    order = charge(client, cart(shop, {variant: 1}, "1", "1")).json["order_id"]
    make_receipt(order)
    form = {"key": str(uuid.uuid4()), "email": "ana@example.com"}
    for _ in range(2):
        assert client.post(f"/pos/receipt/{order}/email", data=form).status_code == 302
    client.post(f"/pos/receipt/{order}/email", data=form | {"email": "nobody"})
    assert session().scalars(sa.select(EmailLog.to_email)).all() == ["ana@example.com"]


def test_a_failed_receipt_offers_another_try(shop, sign_in) -> None:
    variant, client = add_variant("1"), sign_in("cashier")
    receive(shop.location, {variant: 1})
    order = charge(client, cart(shop, {variant: 1}, "1", "1")).json["order_id"]
    with atomic() as current:
        current.execute(sa.update(Order).values(receipt_status="failed"))
    assert f"/pos/receipt/{order}/retry" in client.get(f"/pos/receipt/{order}").text
    client.post(f"/pos/receipt/{order}/retry")
    assert session().scalar(sa.select(Order.receipt_status)) == "pending"


def test_cash_goes_in_and_out_and_is_counted(shop, sign_in) -> None:
    client = sign_in("cashier")
    form = {"session_id": shop.till, "key": str(uuid.uuid4()), "reason": "Change"}
    client.post("/cash/movement", data=form | {"direction": "in", "amount": "20,50"})
    client.post("/cash/movement", data=form | {"direction": "in", "amount": "20,50"})
    assert session().scalars(sa.select(CashMovement.amount)).all() == [Decimal("20.50")]
    assert "S/ 70.50" in client.get("/cash/").text
    refused = client.post(
        "/cash/movement",
        data=form | {"key": str(uuid.uuid4()), "direction": "out", "amount": "100"},
    )
    assert refused.status_code == 409
    assert "S/ 70.50" in refused.text
    closing = {"session_id": shop.till, "counted": "70"}
    assert client.post("/cash/close", data=closing).status_code == 302
    assert session().scalar(sa.select(CashSession.discrepancy)) == Decimal("-0.50")


def test_selling_costs_a_bounded_number_of_statements(shop, sign_in, count_statements) -> None:
    variants = [add_variant("1") for _ in range(12)]
    receive(shop.location, dict.fromkeys(variants, 5))
    client = sign_in("cashier")
    with count_statements() as statements:
        assert charge(client, cart(shop, dict.fromkeys(variants, 1), "12", "12")).status_code == 200
    assert len(statements) <= 25

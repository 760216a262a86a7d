"""Parking, taking up and quoting over HTTP, as the till asks for it."""

from __future__ import annotations

import uuid

import pytest

from app.db import session
from tests.services.shop import Shop, add_variant, open_shop, receive

JSON = {"Accept": "application/json"}


@pytest.fixture
def shop(db_session) -> Shop:
    return open_shop()


@pytest.fixture
def goods(shop: Shop) -> int:
    variant = add_variant("10", name="Café de altura")
    receive(shop.location, {variant: 5})
    session().commit()
    return variant


def ask(client, path: str, **body: object):
    return client.post(f"/pos/carts/{path}", json=body, headers=JSON)


def cart(shop: Shop, goods: int, pieces: int = 2) -> dict[str, object]:
    return {
        "key": str(uuid.uuid4()),
        "cash_session_id": shop.till,
        "lines": [{"variant_id": goods, "quantity": pieces, "discount_percent": "0"}],
        "customer_id": None,
        "coupon": "",
        "discount_percent": "0",
    }


def test_a_cart_is_parked_listed_and_taken_up_once(shop, goods, sign_in) -> None:
    client = sign_in("cashier")
    parked = ask(client, "park", **cart(shop, goods), name="Rosa", quotation_id=None)
    assert parked.status_code == 200, parked.text
    [shown] = client.get("/pos/carts/parked", headers=JSON).json["parked"]
    assert (shown["name"], shown["total"]) == ("Rosa", "20.00")
    assert "Cashier Tester" in shown["facts"]
    wanted = {"cash_session_id": shop.till, "parked_id": shown["id"]}
    key = str(uuid.uuid4())
    first = ask(client, "recall", key=key, **wanted)
    assert first.json["lines"] == [
        {"id": goods, "sku": first.json["lines"][0]["sku"], "name": "Café de altura",
         "price": "10.0000", "available": 5, "quantity": 2, "discount": "0"},
    ]  # fmt: skip
    assert first.json["quotation"] is None
    assert ask(client, "recall", key=key, **wanted).json == first.json
    gone = ask(client, "recall", key=str(uuid.uuid4()), **wanted)
    assert (gone.status_code, gone.json["code"]) == (409, "parked_sale_gone")
    assert client.get("/pos/carts/parked", headers=JSON).json["parked"] == []


def test_a_nameless_cart_is_refused_in_a_sentence(shop, goods, sign_in) -> None:
    answer = ask(sign_in("cashier"), "park", **cart(shop, goods), name=" ")
    assert (answer.status_code, answer.json["code"]) == (422, "missing_name")
    assert answer.json["message"]


def test_a_quotation_is_made_printed_brought_and_priced(shop, goods, sign_in) -> None:
    client = sign_in("cashier")
    made = ask(client, "quote", **cart(shop, goods)).json
    assert client.get(made["url"]).data[:4] == b"%PDF"
    brought = ask(client, "quotation", cash_session_id=shop.till, number="1").json
    assert brought["quotation"]["number"] == made["number"]
    assert brought["quotation"]["holds"] is True
    assert made["number"] in brought["quotation"]["says"]
    body = {
        "lines": [{"variant_id": goods, "quantity": 2, "discount_percent": "0"}],
        "quotation_id": brought["quotation"]["id"],
    }
    priced = client.post("/pos/price", json=body, headers=JSON).json
    assert (priced["total"], priced["quotation"]) == ("20.00", made["number"])
    missing = ask(client, "quotation", cash_session_id=shop.till, number="77")
    assert (missing.status_code, missing.json["code"]) == (404, "unknown_quotation")


def test_only_who_sells_parks_and_quotes(shop, goods, sign_in, client) -> None:
    for path in ("park", "recall", "quote", "quotation"):
        assert ask(client, path, **cart(shop, goods)).status_code == 401
    auditor = sign_in("auditor")
    for path in ("park", "recall", "quote", "quotation"):
        assert ask(auditor, path, **cart(shop, goods)).status_code == 403


@pytest.mark.parametrize("body", [None, [], "x", {"key": "short"}, {"key": str(uuid.uuid4())}])
def test_what_is_no_cart_is_refused(shop, sign_in, body) -> None:
    client = sign_in("cashier")
    for path in ("park", "recall", "quote", "quotation"):
        answer = client.post(f"/pos/carts/{path}", json=body, headers=JSON)
        assert answer.status_code in (400, 422)


def test_without_a_till_nothing_is_listed(db_session, sign_in) -> None:
    assert sign_in("manager").get("/pos/carts/parked", headers=JSON).json == {"parked": []}

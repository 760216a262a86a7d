"""What the till asks while a cart is filled: prices, customers, a supervisor's approval."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import storage
from app.db import atomic, session
from app.services.customers.credit_wallet import credit_wallet
from app.services.identity.set_pin import SetPin, set_pin
from models.customers import Customer
from models.identity import Permission, Role, RolePermission
from models.sales import Coupon, Order, Promotion
from tests.pos.test_till_screens import JSON, charge
from tests.rows import make_row
from tests.services.shop import NOW, add_variant, cashier, new_key, open_shop, receive
from tests.users import PASSWORD

PIN = "8421"
TODAY = dt.datetime.now(dt.UTC)


@pytest.fixture
def shop(db_session, tmp_path: Path, app):
    storage.configure(tmp_path)
    yield open_shop()
    storage.configure(app.config["STORAGE_DIR"])


@pytest.fixture
def goods(shop) -> int:
    variant = add_variant("10.00")
    receive(shop.location, {variant: 50})
    return variant


def question(variant: int, pieces: int = 1, **given) -> dict[str, object]:
    line = {"variant_id": variant, "quantity": pieces, "discount_percent": given.pop("off", "0")}
    return {
        "lines": [line],
        "customer_id": None,
        "coupon": "",
        "discount_percent": "0",
        **given,
    }


def price(client, body):
    answer = client.post("/pos/price", json=body, headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.json


def add_offer(value: str, code: str = "", **conditions) -> None:
    with atomic():
        row = make_row(
            Promotion, name=f"{value} % off", type="percent", value=Decimal(value),
            start_date=TODAY - dt.timedelta(days=1), end_date=None, is_active=True,
            conditions=conditions,
        )  # fmt: skip
        if code:
            make_row(Coupon, promotion_id=row.id, code=code, max_uses=1)


def test_a_cart_is_priced_line_by_line_and_says_why(shop, goods, sign_in):
    add_offer("15")
    found = price(sign_in("cashier"), question(goods, 3))
    assert (found["subtotal"], found["discount"], found["total"]) == ("30.00", "4.50", "25.50")
    (line,) = found["lines"]
    assert line["why"] == [["15 % off", "4.50"]]
    assert (line["total"], line["by_hand"]) == ("25.50", "0.00")


def test_a_coupon_that_gives_nothing_is_said_beside_the_prices(shop, goods, sign_in):
    client = sign_in("cashier")
    found = price(client, question(goods, coupon="nosuch"))
    assert "NOSUCH" in found["coupon_refused"]
    assert found["total"] == "10.00"
    add_offer("20", "REAL20", coupon=True)
    found = price(client, question(goods, coupon="real20"))
    assert (found["coupon_refused"], found["total"]) == ("", "8.00")


@pytest.mark.parametrize(
    "change",
    [{"lines": []}, {"discount_percent": "101"}, {"lines": "x"}, {"surprise": 1}, {"coupon": 3}],
)
def test_what_is_no_cart_has_no_price(shop, goods, sign_in, change):
    client = sign_in("cashier")
    answer = client.post("/pos/price", json=question(goods) | change, headers=JSON)
    assert answer.status_code in (400, 422)
    assert answer.json["message"]


def test_a_discount_above_the_limit_is_approved_with_a_pin_for_one_sale(shop, goods, sign_in):
    manager = cashier("manager")
    set_pin(SetPin(PASSWORD, PIN), actor=manager, now=NOW)
    client, key = sign_in("cashier"), new_key()
    found = price(client, question(goods, discount_percent="20"))
    assert (found["needs_approval"], found["most_percent"]) == (True, "20.00")
    body = question(goods, discount_percent="20") | {
        "key": key,
        "cash_session_id": shop.till,
        "expected_total": "8.00",
        "tenders": [{"method": "cash", "amount": "8.00"}],
    }
    assert charge(client, body).json["code"] == "discount_not_allowed"

    def approve(**change):
        asked = {"approver": "manager", "pin": PIN, "percent": "20.00", "key": key, **change}
        return client.post("/pos/approve", json=asked, headers=JSON)

    assert approve(pin="0000").status_code == 403
    assert approve(percent="99").status_code == 403  # above the supervisor's own limit
    sealed = approve().json["approval"]
    other = body | {"key": new_key(), "approval": sealed}
    assert charge(client, other).json["code"] == "discount_not_allowed"
    assert charge(client, body | {"approval": f"{sealed}x"}).status_code == 403
    sold = charge(client, body | {"approval": sealed})
    assert sold.status_code == 200, sold.text
    order = session().get_one(Order, sold.json["order_id"])
    assert order.discount_total == Decimal("2.00")


def test_customers_are_found_by_name_or_document_with_what_they_may_pay_with(shop, sign_in):
    with atomic():
        buyer = make_row(
            Customer, full_name="Zoraida Ñahui", doc_type="1", doc_number="45871236"
        ).id
        make_row(Customer, full_name="Zoraida Gone", deleted_at=TODAY)
        credit_wallet(buyer, Decimal("12.50"), "Top-up", actor=shop.actor, now=NOW)
    client = sign_in("cashier")
    for words in ("zoraida nahui", "458712"):
        (found,) = client.get(f"/pos/customers?q={words}").json["customers"]
        assert (found["id"], found["document"]) == (buyer, "45871236")
        assert (found["wallet"], found["points"]) == ("12.50", 0)
    for nothing in ("z", "%%", "zzzz", "\\"):
        assert client.get("/pos/customers", query_string={"q": nothing}).json["customers"] == []


def test_a_customer_is_added_at_the_till_once(shop, sign_in):
    client = sign_in("cashier")
    body = {"key": str(uuid.uuid4()), "doc_type": "1", "doc_number": "71452369"}
    refused = client.post("/pos/customers", json=body, headers=JSON)
    assert (refused.status_code, bool(refused.json["fields"])) == (422, True)
    body |= {"full_name": "New Buyer", "key": str(uuid.uuid4())}
    made = client.post("/pos/customers", json=body, headers=JSON).json
    assert (made["added"], made["customer"]["name"]) == (True, "New Buyer")
    again = {**body, "key": str(uuid.uuid4()), "full_name": ""}
    found = client.post("/pos/customers", json=again, headers=JSON).json
    assert (found["added"], found["customer"]["id"]) == (False, made["customer"]["id"])


def test_the_till_shows_nothing_of_customers_that_is_hidden(shop, sign_in):
    role = session().scalar(sa.select(Role).where(Role.name == "Cashier"))
    hidden = {"customers.customers": ["doc_number"], "customers.customer_wallets": ["balance"]}
    role.policy = {**role.policy, "hidden_fields": hidden}
    with atomic():
        buyer = make_row(Customer, full_name="Zulema Quiet", doc_type="1", doc_number="40302010").id
        credit_wallet(buyer, Decimal("9.00"), "Top-up", actor=shop.actor, now=NOW)
    client = sign_in("cashier")
    (found,) = client.get("/pos/customers?q=zulema").json["customers"]
    assert (found["document"], found["wallet"]) == ("", "0.00")
    assert client.get("/pos/customers?q=403020").json["customers"] == []


def test_who_may_not_see_customers_finds_and_adds_none(shop, goods, sign_in):
    role = session().scalar(sa.select(Role.id).where(Role.name == "Cashier"))
    about = sa.select(Permission.id).where(Permission.slug.like("customers.customers:%"))
    given = RolePermission.__table__.c
    session().execute(
        sa.delete(RolePermission.__table__).where(
            given.role_id == role, given.permission_id.in_(about)
        )
    )
    with atomic():
        make_row(Customer, full_name="Zulema Quiet", doc_type="1", doc_number="40302010")
    client = sign_in("cashier")
    assert client.get("/pos/customers?q=zulema").json["customers"] == []
    body = {"key": new_key(), "doc_type": "1", "doc_number": "40302010"}
    assert client.post("/pos/customers", json=body, headers=JSON).status_code == 403
    unknown = client.post("/pos/price", json=question(goods, customer_id=10**9), headers=JSON)
    assert unknown.status_code == 404

"""Operations over REST: the command as JSON, checked by its types, done once per key."""

from __future__ import annotations

import pytest

from app.admin.rest.openapi import document_of
from app.db import session
from models.sales import CashSession, Order
from tests.services.shop import add_location, add_variant, new_key, receive
from tests.users import user_id_of
from views.domains import DOMAINS

OPERATIONS = [(domain, one) for domain in DOMAINS for one in domain.operations]
NAMES = [f"{domain.name}/{one.service.__name__}" for domain, one in OPERATIONS]


@pytest.fixture
def call(client, token, db_session):
    """POST to an operation as the cashier; the answer."""
    headers = token("cashier")

    def as_cashier(path: str, body, key: str = "", role: str = ""):
        session().commit()
        sent = {**(token(role) if role else headers), **({"Idempotency-Key": key} if key else {})}
        answer = client.post(f"/api/v1/{path}", json=body, headers=sent)
        session().expire_all()
        return answer

    return as_cashier


@pytest.fixture
def sale(call):
    """The body of a sale of two pieces at a till that was opened by the API."""
    place, variant = add_location(), add_variant("11.80")
    receive(place, {variant: 10})
    till = call("sales/open_cash_session", {"location_id": place, "starting_cash": "50.00"})
    assert till.status_code == 200, till.text
    return {
        "cash_session_id": till.json["result"],
        "lines": [{"variant_id": variant, "quantity": 2}],
        "expected_total": "23.60",
        "tenders": [{"method": "cash", "amount": "50"}],
    }


def test_a_program_sells_once_per_key(call, sale):
    key = new_key()
    first = call("sales/checkout", sale, key)
    assert first.status_code == 200, first.text
    assert first.json["result"]["change"] == "26.40"
    again = call("sales/checkout", sale, key)
    assert again.json["result"] | {"replayed": False} == first.json["result"]
    other = call("sales/checkout", sale | {"coupon": "X"}, key)
    assert (other.status_code, other.json["code"]) == (409, "idempotency_conflict")
    order = session().get_one(Order, first.json["result"]["order_id"])
    assert (str(order.grand_total), order.user_id) == ("23.60", user_id_of("cashier"))


def test_what_the_service_refuses_is_a_problem_with_its_code(call, sale):
    wrong = call("sales/checkout", sale | {"expected_total": "20.00"})
    assert (wrong.status_code, wrong.json["code"]) == (409, "price_changed")
    assert wrong.content_type == "application/problem+json"
    assert session().query(Order).count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"expected_total": "much"}, "expected_total"),
        ({"lines": "none"}, "lines"),
        ({"lines": [{"variant_id": "x", "quantity": 1}]}, "lines.0.variant_id"),
        ({"lines": [{"quantity": 1}]}, "lines.0.variant_id"),
        ({"cash_session_id": None}, "cash_session_id"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_body_is_refused_beside_its_fields(call, sale, change, field):
    answer = call("sales/checkout", sale | change)
    assert answer.status_code == 422
    assert list(answer.json["fields"]) == [field]


@pytest.mark.parametrize(
    "body",
    [[], 7, "sale", {"cash_session_id": 2**63}, {"lines": [{"variant_id": 1e30}]}, {"x": "\0"}],
)
def test_what_no_column_could_hold_is_refused(call, body):
    assert call("sales/checkout", body).status_code == 400


def test_a_supervisor_is_asked_at_the_screen_only(call, sale):
    body = {"session_id": sale["cash_session_id"], "counted": "50"}
    with_approval = body | {"approval": {"approver_id": 1}}
    assert call("sales/close_cash_session", with_approval).status_code == 422
    closed = call("sales/close_cash_session", body)
    result = closed.json["result"]
    assert result.pop("z_report").endswith("-00000001")
    assert result == {
        "status": "closed",
        "expected": "50.00",
        "counted": "50.00",
        "discrepancy": "0.00",
    }
    assert session().get_one(CashSession, body["session_id"]).status == "closed"


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_wants_its_right(client, call, name):
    assert client.post(f"/api/v1/{name}", json={}).status_code == 401
    assert call(name, {}, role="auditor").status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_an_operation_is_described_with_its_body(app, name):
    with app.test_request_context():
        document = document_of("v1")
    path = document["paths"][f"/api/v1/{name}"]["post"]
    assert path["summary"]
    schema = path["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    shape = document["components"]["schemas"][schema.rpartition("/")[2]]
    assert shape["additionalProperties"] is False
    assert "key" not in shape["properties"]
    assert "approval" not in shape["properties"]

"""The operations on customers, called by programs."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import session
from models.customers import Customer, CustomerMerge
from tests.customers.people import add_person, points_of, wallet_of
from tests.services.shop import new_key


@pytest.fixture
def call(client, token):
    """``call(operation, body)`` as a manager, each with a key of its own."""

    def post(name: str, body: dict, role: str = "manager"):
        headers = token(role) | {"Idempotency-Key": new_key()}
        return client.post(f"/api/v1/customers/{name}", headers=headers, json=body)

    return post


def test_a_customer_is_found_or_added_by_document(call) -> None:
    body = {"doc_type": "1", "doc_number": "45678901", "full_name": "Rosa"}
    added, found = (call("add_customer", body, "cashier").json["result"] for _ in range(2))
    assert (added["added"], found["added"], added["id"]) == (True, False, found["id"])
    wrong = call("add_customer", body | {"doc_number": "4567"}, "cashier")
    assert (wrong.status_code, "doc_number" in str(wrong.json)) == (422, True)


def test_points_and_wallets_are_corrected_by_who_may(call) -> None:
    customer = add_person()
    points = {"customer_id": customer, "points": 5, "reason": "Courtesy"}
    money = {"customer_id": customer, "amount": "2.50", "reason": "Courtesy"}
    assert call("adjust_points", points).json["result"] == {"balance": 5}
    assert call("adjust_wallet", money).json["result"] == {"balance": "2.50"}
    for name, body in (("adjust_points", points), ("adjust_wallet", money)):
        assert call(name, body, "cashier").status_code == 403
        assert call(name, body | {"reason": "x" * 501}).status_code == 422
    assert (points_of(customer)[0], wallet_of(customer)[0]) == (5, Decimal("2.50"))


def test_two_are_merged_and_parted(call) -> None:
    source, target = add_person(email="a@example.com"), add_person()
    body = {"source_id": source, "target_id": target, "take": ["email"]}
    assert call("merge_customers", body, "cashier").status_code == 403
    assert call("merge_customers", body | {"take": ["id"]}).status_code == 422
    assert call("merge_customers", body | {"reason": "x" * 501}).status_code == 422
    done = call("merge_customers", body).json["result"]
    assert session().get_one(Customer, target).email == "a@example.com"
    assert call("undo_merge", {"merge_id": done["merge_id"]}, "auditor").status_code == 403
    assert call("undo_merge", {"merge_id": done["merge_id"]}).status_code == 200
    assert session().scalar(sa.select(CustomerMerge.undone_at)) is not None
    assert call("undo_merge", {"merge_id": 2**40}).status_code == 404

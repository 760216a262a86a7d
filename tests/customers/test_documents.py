"""The document of a customer is checked at every door, and two at the till get one customer."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.customers.add_customer import AddCustomer, add_customer
from app.services.customers.errors import InvalidCustomerError, InvalidDocumentError
from models.customers import Customer
from tests.background.conftest import work_on  # noqa: F401 - a fixture
from tests.customers.people import SYSTEM, add_person
from tests.exchange.importing import Import, csv_of
from tests.services.shop import NOW, new_key

WRONG = [
    ("1", "1234567", "A DNI has 8 digits."),
    ("6", "2051233379", "A RUC has 11 digits."),
    ("6", "20512333798", "This is no RUC: its check digit is wrong."),
    ("4", "ab", "The number has 4 to 15 letters, digits or hyphens."),
    ("7", "12 34*", "The number has 4 to 15 letters, digits or hyphens."),
    ("1", "", "Enter the number of the document."),
]
wrong = pytest.mark.parametrize(("doc_type", "number", "said"), WRONG)


def count() -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(Customer)) or 0


def form(doc_type: str, number: str, **more: str) -> dict[str, str]:
    return {
        "full_name": "Rosa",
        "doc_type": doc_type,
        "doc_number": number,
        "segment": "new",
        "credit_limit": "0",
        "is_active": "y",
        **more,
    }


@wrong
def test_the_form_tells_it_beside_the_field(sign_in, doc_type, number, said) -> None:
    answer = sign_in("cashier").post("/customers/customers/add", data=form(doc_type, number))
    assert answer.status_code == 422
    error = re.search(r'id="doc_number-error">(.*?)</div></div>', answer.text, re.DOTALL)
    assert said in error[1]
    assert count() == 0


@wrong
def test_the_api_tells_it_beside_the_field(client, token, doc_type, number, said) -> None:
    body = {"full_name": "Rosa", "doc_type": doc_type, "doc_number": number}
    answer = client.post("/api/v1/customers/customers/", headers=token("admin"), json=body)
    assert answer.status_code == 422
    assert said in str(answer.json)
    assert count() == 0


def test_an_import_tells_it_by_row_and_keeps_the_good_ones_tidy(sign_in, work_on) -> None:  # noqa: F811
    client = sign_in("admin")
    head = ("full_name", "doc_type", "doc_number")
    rows = [("Good", "1", " 4567 8901 "), ("Bad", "6", "20512333798"), ("Worse", "1", "12")]
    one = Import(client, work_on, "/customers/customers/import")
    batch = one.all(csv_of(head, *rows), mode="good")
    assert {(number, column) for number, column, _said in batch.mistakes} == {
        (3, "Doc number"),
        (4, "Doc number"),
    }
    assert session().scalars(sa.select(Customer.doc_number)).all() == ["45678901"]


def test_a_cell_and_a_bulk_change_are_checked_too(sign_in) -> None:
    client, key = sign_in("admin"), add_person(doc_type="1", doc_number="45678901")
    url = f"/customers/customers/inline/{key}/doc_number"
    stamp = re.search(r'name="stamp" value="([^"]*)"', client.get(url).text)[1]
    sent = {"value-doc_number": "123", "value-doc_number-here": "1", "stamp": stamp}
    answer = client.post(url, data=sent)
    assert (answer.status_code, "A DNI has 8 digits." in answer.text) == (422, True)
    many = {"key": str(key), "field": "doc_type", "value-doc_type": "6", "value-doc_type-here": "1"}
    answer = client.post(
        "/customers/customers/bulk/edit", data=many | {"step": "run", "expected": "1"}
    )
    assert "A RUC has 11 digits." in answer.text
    session().expire_all()
    row = session().get_one(Customer, key)
    assert (row.doc_type, row.doc_number) == ("1", "45678901")


def test_a_document_is_one_live_customers(sign_in) -> None:
    gone = add_person(doc_type="1", doc_number="45678901", deleted_at=NOW)
    client = sign_in("admin")
    assert client.post("/customers/customers/add", data=form("1", "45678901")).status_code == 302
    again = client.post("/customers/customers/add", data=form("1", "45678901"))
    assert again.status_code == 422
    assert 'id="doc_number-error"' in again.text
    assert client.post(f"/customers/customers/restore/{gone}").status_code == 302
    live = session().scalars(sa.select(Customer.id).where(Customer.doc_number == "45678901"))
    assert gone not in live.all()
    for _ in range(2):  # nobody in particular, as often as one likes
        assert client.post("/customers/customers/add", data=form("0", "")).status_code == 302


def test_a_customer_of_before_the_rule_may_get_another_telephone(sign_in) -> None:
    session().execute(
        sa.insert(Customer).values(full_name="Old", doc_type="6", doc_number="20512333798")
    )
    key = session().scalar(sa.select(Customer.id))
    session().commit()
    client = sign_in("admin")
    url = f"/customers/customers/inline/{key}/phone"
    stamp = re.search(r'name="stamp" value="([^"]*)"', client.get(url).text)[1]
    sent = {"value-phone": "999", "value-phone-here": "1", "stamp": stamp}
    assert client.post(url, data=sent).status_code == 200


def add(doc_type: str, number: str | None, name: str = "Rosa", **more: str):
    command = AddCustomer(more.pop("key", "") or new_key(), doc_type, number, name, **more)
    return add_customer(command, actor=SYSTEM, now=NOW)


def test_at_the_till_a_customer_is_found_by_document_or_added(db_session) -> None:
    first = add("1", "4567 8901", " Rosa  Díaz ", email="rosa@example.com", phone="999")
    assert (first.full_name, first.added) == ("Rosa Díaz", True)
    again = add("1", "45678901", "")
    assert (again.id, again.full_name, again.added) == (first.id, "Rosa Díaz", False)
    row = session().get_one(Customer, first.id)
    assert (row.doc_number, row.email, row.phone) == ("45678901", "rosa@example.com", "999")


def test_asked_twice_nobody_is_added_twice(db_session) -> None:
    key = new_key()
    first, again = add("0", None, key=key), add("0", None, key=key)
    assert first == again
    assert add("0", None).id != first.id


def test_what_is_missing_or_taken_is_told_beside_its_field(db_session) -> None:
    add("1", "45678901", email="rosa@example.com")
    for refused, field in (
        (lambda: add("1", "11111111", " "), "full_name"),
        (lambda: add("1", "11111111", "x" * 201), "full_name"),
        (lambda: add("1", "11111111", email="ROSA@example.com"), "email"),
        (lambda: add("1", "11111111", email="rosa"), "email"),
        (lambda: add("1", "11111111", email=f"{'x' * 250}@example.com"), "email"),
        (lambda: add("1", "11111111", phone="1" * 51), "phone"),
        (lambda: add("7", "45678901"), "doc_number"),
    ):
        with pytest.raises(InvalidCustomerError) as refusal:
            refused()
        assert set(refusal.value.fields) == {field}
    with pytest.raises(InvalidDocumentError) as refusal:
        add("9", "1")
    assert set(refusal.value.fields) == {"doc_type"}

"""The policy of a role as a form: what is allowed, told beside the field, never overwritten."""

from __future__ import annotations

import pytest
from sqlalchemy.orm.attributes import flag_modified

from models.catalog import Product
from models.identity import Role
from tests.identity.people import role_id
from tests.rows import make_row


@pytest.fixture
def form(sign_in, db_session):
    """Send the policy form of a role; gives the answer."""
    client = sign_in("admin")

    def send(name: str = "Cashier", **data):
        role = db_session.get(Role, role_id(db_session, name))
        values = {"seen": role.updated_at.isoformat(), "scope.*": "all", **data}
        return client.post(f"/identity/roles/{role.id}/policy", data=values)

    send.client = client
    return send


def policy_of(session, name: str = "Cashier") -> dict:
    session.expire_all()
    return session.get(Role, role_id(session, name)).policy


def test_what_is_filled_in_is_saved_and_the_rest_left_out(form, db_session):
    answer = form(
        **{
            "scope.*": "team",
            "limits.discount_percent": "7.5",
            "limits.refund_amount": "",
            "table": ["customers.customers", "catalog.products", "crm.deals"],
            "scope.customers.customers": "",
            "scope.crm.deals": "own",
            "fields.catalog.products.cost_price": "hidden",
            "fields.customers.customers.credit_limit": "readonly",
            "require_second_factor": "1",
        }
    )
    assert answer.status_code == 302, answer.text
    assert policy_of(db_session) == {
        "scope": {"*": "team", "crm.deals": "own"},
        "limits": {"discount_percent": "7.5"},
        "hidden_fields": {"catalog.products": ["cost_price"]},
        "readonly_fields": {"customers.customers": ["credit_limit"]},
        "require_second_factor": True,
    }


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("limits.discount_percent", "101", "From 0 to 100"),
        ("limits.refund_amount", "-1", "From 0 to"),
        ("limits.refund_amount", "1.005", "at most two decimals"),
        ("limits.approval_amount", "much", "This is not a number."),
        ("limits.approval_amount", "NaN", "This is not a number."),
        ("scope.*", "planet", "Choose one from the list."),
    ],
)
def test_a_mistake_is_told_beside_the_field_and_nothing_is_saved(
    form, db_session, field, value, sentence
):
    before = policy_of(db_session)
    answer = form(**{field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert value in answer.text or field == "scope.*"
    assert policy_of(db_session) == before


def test_rows_of_a_table_without_owners_can_not_be_limited(form):
    answer = form(**{"table": "catalog.brands", "scope.catalog.brands": "own"})
    assert answer.status_code == 422
    assert "have no owner" in answer.text


def test_a_field_that_a_new_record_needs_stays_for_roles_that_add_records(form):
    fields = {"table": "customers.customers", "fields.customers.customers.full_name": "hidden"}
    answer = form("Cashier", **fields)
    assert answer.status_code == 422
    assert "A new record needs it" in answer.text
    assert form("Auditor", **fields).status_code == 302


def test_secrets_keys_and_the_systems_own_fields_are_not_offered(form, db_session):
    page = form(table="identity.users", do="add").text
    assert "fields.identity.users.phone" in page
    for name in ("password", "totp_secret", "pin_hash", "id", "deleted_at"):
        assert f'"fields.identity.users.{name}"' not in page, name


def test_adding_a_table_keeps_what_was_typed(form, db_session):
    page = form(**{"do": "add", "add_table": "crm.deals", "limits.refund_amount": "12.34"}).text
    assert 'value="12.34"' in page
    assert 'name="scope.crm.deals"' in page


def test_a_change_that_somebody_else_saved_meanwhile_is_not_overwritten(form, db_session):
    answer = form(seen="2020-01-01T00:00:00+00:00", **{"limits.refund_amount": "9"})
    assert answer.status_code == 409
    assert "Somebody else changed this role" in answer.text
    assert policy_of(db_session)["limits"]["refund_amount"] == 200


def test_the_record_page_says_the_policy_in_words(form, db_session):
    page = form.client.get(f"/identity/roles/show/{role_id(db_session, 'Cashier')}").text
    assert "Highest discount" in page
    assert "Products: Cost price" in page
    assert "hidden_fields" not in page


def test_a_damaged_policy_can_be_looked_at_and_replaced(form, db_session):
    role = db_session.get(Role, role_id(db_session, "Cashier"))
    role.policy = {"scope": {"*": "planet"}}
    flag_modified(role, "policy")
    db_session.commit()
    assert "Damaged" in form.client.get(f"/identity/roles/show/{role.id}").text
    assert form.client.get(f"/identity/roles/{role.id}/policy").status_code == 200
    assert form().status_code == 302
    assert policy_of(db_session)["scope"] == {"*": "all"}


def test_the_new_policy_holds_at_the_next_request(sign_in, form, db_session):
    make_row(Product)
    db_session.commit()
    form(**{"table": "catalog.products", "fields.catalog.products.base_price": "hidden"})
    cashier = sign_in("cashier")
    assert "Base price" not in cashier.get("/catalog/products/list/").text
    form.client = sign_in("admin")
    form()
    assert "Base price" in sign_in("cashier").get("/catalog/products/list/").text

"""The overview of a customer and the merging of two, as people with different rights see them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.services.customers.credit_wallet import credit_wallet
from app.services.customers.earn_points import earn_points
from models.customers import Customer, CustomerAddress, CustomerMerge
from models.identity import Permission, Role, RolePermission
from models.sales import Order, OrderPayment
from tests.customers.people import SYSTEM, add_order, add_person, points_of, wallet_of
from tests.services.shop import NOW, new_key
from tests.users import user_id_of


@pytest.fixture
def ana(db_session) -> int:
    customer = add_person(
        full_name="Ana Quispe", doc_type="1", doc_number="45678901", phone="+51 987 654 321"
    )
    order = add_order(customer, "100.00")
    session().execute(sa.update(Order).where(Order.id == order).values(status="completed"))
    earn_points(customer, Decimal(100), order, actor=SYSTEM, now=NOW)
    credit_wallet(customer, Decimal("12.50"), "Top-up", actor=SYSTEM, now=NOW)
    with atomic() as current:
        current.add(CustomerAddress(customer_id=customer, label="Home", address_line="Calle A 1"))
        refund = OrderPayment(
            order_id=order, method="cash", amount=Decimal(-20), status="completed",
            idempotency_key=new_key(),
        )  # fmt: skip
        current.add(refund)
    return customer


def take_right(role: str, slug: str) -> None:
    session().execute(
        sa.delete(RolePermission).where(
            RolePermission.role_id.in_(sa.select(Role.id).where(Role.name == role)),
            RolePermission.permission_view_id.in_(
                sa.select(Permission.id).where(Permission.slug == slug)
            ),
        )
    )


def post(client, url: str, **data: str):
    return client.post(url, data={"key": new_key(), **data})


def test_the_overview_has_everything_of_the_customer(sign_in, ana: int) -> None:
    text = sign_in("manager").get(f"/customers/{ana}/").text
    for shown in ("Ana Quispe", "Calle A 1", "Top-up", "12.50", "80.00", "1 purchase", "S/ 2.00"):
        assert shown in text, shown
    assert f"/sales/orders/list/?_flt_eq_customer_id={ana}" in text


def test_it_shows_only_what_the_reader_may_see(sign_in, ana: int) -> None:
    client = sign_in("cashier")
    text = client.get(f"/customers/{ana}/").text
    assert "Correct by hand" not in text
    for slug in (
        "sales.orders:read",
        "customers.loyalty_movements:read",
        "customers.customer_wallets:read",
    ):
        take_right("Cashier", slug)
    session().commit()
    text = sign_in("cashier").get(f"/customers/{ana}/").text
    assert "Calle A 1" in text
    for hidden in ("Bought in all", "80.00", "Loyalty movements", 'stat-label">Wallet'):
        assert hidden not in text, hidden
    assert sign_in("technician").get(f"/customers/{ana}/").status_code == 403


def test_columns_that_are_hidden_from_a_role_are_hidden_here_too(sign_in, ana: int) -> None:
    role = session().scalars(sa.select(Role).where(Role.name == "Manager")).one()
    role.policy = {
        **role.policy,
        "hidden_fields": {
            "customers.customers": ["phone", "doc_number"],
            "customers.loyalty_accounts": ["points_balance"],
            "sales.orders": ["grand_total"],
        },
    }
    session().commit()
    client, other = sign_in("manager"), add_person(full_name="Ana Quispe")
    for url in (f"/customers/{ana}/", f"/customers/merge/?target={ana}&source={other}"):
        text = client.get(url).text
        for hidden in ("987 654 321", "45678901", "Bought in all", "worth S/"):
            assert hidden not in text, (url, hidden)
    assert "45678901" not in client.get(f"/customers/merge/?target={other}").text
    assert "45678901" not in client.get("/customers/merge/duplicates").text


def test_orders_out_of_reach_count_for_nothing(sign_in, ana: int) -> None:
    role = session().scalars(sa.select(Role).where(Role.name == "Cashier")).one()
    role.policy = {**role.policy, "scope": {"*": "all", "sales.orders": "own"}}
    session().commit()
    text = sign_in("cashier").get(f"/customers/{ana}/").text
    assert "0 purchases" in text
    session().execute(sa.update(Order).values(user_id=user_id_of("cashier")))
    session().commit()
    assert "1 purchase" in sign_in("cashier").get(f"/customers/{ana}/").text


def test_the_overview_takes_as_many_statements_whatever_there_is(
    sign_in, ana: int, count_statements
) -> None:
    client = sign_in("manager")
    client.get(f"/customers/{ana}/")
    with count_statements() as few:
        client.get(f"/customers/{ana}/")
    for _ in range(6):
        order = add_order(ana, "10.00")
        earn_points(ana, Decimal(100), order, actor=SYSTEM, now=NOW)
        credit_wallet(ana, Decimal(1), "Top-up", actor=SYSTEM, now=NOW)
    with count_statements() as many:
        client.get(f"/customers/{ana}/")
    assert len(many) <= len(few)


def test_no_such_customer(sign_in, db_session) -> None:
    client = sign_in("manager")
    gone = add_person(deleted_at=NOW)
    for key in (gone, 2**40, 2**63 - 1):
        assert client.get(f"/customers/{key}/").status_code == 404
        assert post(client, f"/customers/{key}/points", points="1", reason="x").status_code == 404
    assert client.get(f"/customers/{2**63}/").status_code == 404


def test_points_and_wallet_are_corrected_with_a_reason(sign_in, ana: int) -> None:
    client = sign_in("manager")
    form = {"key": new_key(), "points": "-3", "reason": "Mis\0take"}
    for _twice in range(2):
        assert client.post(f"/customers/{ana}/points", data=form).status_code == 302
    assert (
        post(client, f"/customers/{ana}/wallet", amount="7,50", reason="Courtesy").status_code
        == 302
    )
    assert points_of(ana) == (7, 7)
    assert wallet_of(ana) == (Decimal("20.00"), Decimal("20.00"))


@pytest.mark.parametrize(
    ("url", "form", "said"),
    [
        ("points", {"points": "1.5", "reason": "because"}, "Points are whole numbers."),
        ("points", {"points": "0", "reason": "because"}, "Say by how many points"),
        ("points", {"points": "-11", "reason": "because"}, "has 10 points"),
        ("points", {"points": "5", "reason": " "}, "This is required."),
        ("wallet", {"amount": "abc", "reason": "because"}, "This is not an amount."),
        ("wallet", {"amount": "-12.51", "reason": "because"}, "There is S/ 12.50 in the wallet"),
        ("wallet", {"amount": "100001", "reason": "because"}, "Your refund limit is 100000"),
        ("wallet", {"amount": "0.001", "reason": "because"}, "two decimals"),
    ],
)
def test_a_refusal_stands_beside_the_field_with_what_was_typed(
    sign_in, ana: int, url: str, form: dict, said: str
) -> None:
    answer = post(sign_in("manager"), f"/customers/{ana}/{url}", **form)
    assert answer.status_code in (403, 409, 422)
    error = re.search(r'class="invalid-feedback"[^>]*>(.*?)</div></div>', answer.text, re.DOTALL)
    assert said in error[1]
    assert f'value="{next(iter(form.values()))}"' in answer.text
    assert points_of(ana)[0] == 10


def test_two_are_chosen_on_the_list_compared_merged_and_undone(sign_in, ana: int) -> None:
    other = add_person(full_name="Ana M. Quispe", email="ana@example.com", phone="987654321")
    client = sign_in("manager")
    listed = client.get("/customers/customers/list/").text
    assert 'formaction="/customers/merge/selected' in listed
    answer = client.post("/customers/merge/selected", data={"key": [str(other), str(ana)]})
    assert answer.location.endswith(f"?source={other}&target={ana}")
    page = client.get(answer.location).text
    assert "ana@example.com" in page
    # What the one that stays hasn't got is taken over unless one says otherwise.
    assert re.search(r'name="take-email" value="source" checked', page)
    assert re.search(r'name="take-full_name" value="target" checked', page)
    form = {"source": str(other), "target": str(ana), "take-email": "source", "reason": "Same"}
    done = post(client, "/customers/merge/", **form)
    merge = session().scalars(sa.select(CustomerMerge)).one()
    assert done.location.endswith(f"/customers/merge/{merge.id}")
    assert session().get_one(Customer, ana).email == "ana@example.com"
    assert "Undo the merge" in client.get(done.location).text
    assert client.post(f"/customers/merge/{merge.id}/undo").status_code == 302
    assert "This was undone on" in client.get(done.location).text
    session().expire_all()
    assert session().get_one(Customer, other).deleted_at is None
    assert session().get_one(Customer, ana).email is None


def test_the_merge_says_why_it_is_refused_and_keeps_what_was_typed(sign_in, ana: int) -> None:
    other = add_person(full_name="Other", email="o@example.com")
    client = sign_in("manager")
    form = {"source": str(other), "target": str(ana), "reason": "Because"}
    same = post(client, "/customers/merge/", **form | {"source": str(ana)})
    assert (same.status_code, "Choose two different customers." in same.text) == (422, True)
    session().execute(
        sa.text(
            "UPDATE identity.roles SET permissions = jsonb_set(permissions,"
            " '{readonly_fields}', '{\"customers.customers\": [\"email\"]}') WHERE name = 'Manager'"
        )
    )
    session().commit()
    client = sign_in("manager")
    page = client.get(f"/customers/merge/?source={other}&target={ana}").text
    assert 'name="take-email"' not in page
    forged = post(client, "/customers/merge/", **form, **{"take-email": "source"})
    assert (forged.status_code, 'value="Because"' in forged.text) == (422, True)


def test_other_numbers_of_customers_are_not_merged(sign_in, ana: int) -> None:
    client = sign_in("manager")
    for keys in ([], [str(ana)], [str(ana), "2", "3"], ["x", "y"]):
        answer = client.post("/customers/merge/selected", data={"key": keys})
        assert answer.location.endswith("/customers/customers/list/")
    for query in (
        "",
        f"?target={ana}",
        f"?source={ana}&target={ana}",
        "?source=x&target=9" + "9" * 30,
    ):
        answer = client.get(f"/customers/merge/{query}")
        assert (answer.status_code, "Which customers?" in answer.text) == (200, True)


def test_who_may_not_merge_sees_no_way_to(sign_in, ana: int) -> None:
    other = add_person()
    client = sign_in("auditor")
    page = client.get(f"/customers/merge/?source={other}&target={ana}")
    assert (page.status_code, 'type="submit"><i class="ti ti-arrow-merge"' in page.text) == (
        200,
        False,
    )
    assert post(client, "/customers/merge/", source=str(other), target=str(ana)).status_code == 403
    assert "merge/selected" not in client.get("/customers/customers/list/").text
    assert sign_in("cashier").get("/customers/merge/").status_code == 403


def test_duplicates_are_found_by_document_phone_mail_and_name(sign_in, ana: int) -> None:
    ruc = add_person(full_name="Negocios Varios", doc_type="6", doc_number="10456789016")
    phone = add_person(full_name="Somebody", phone="(51) 987-654321")
    named = add_person(full_name="Ana Quíspe")
    add_person(full_name="Carlos Mamani", phone="1")
    add_person(full_name="Pedro Huamán", phone="1")
    client = sign_in("manager")
    text = client.get(f"/customers/merge/?target={ana}").text
    offered = {int(key) for key in re.findall(r"source=(\d+)&amp;target=", text)}
    assert offered == {ruc, phone, named}
    for reason in ("Same document", "Same telephone", "Similar name"):
        assert reason in text
    pairs = client.get("/customers/merge/duplicates").text
    assert re.findall(r"source=(\d+)&amp;target=(\d+)", pairs) == [
        (str(ruc), str(ana)),
        (str(phone), str(ana)),
        (str(named), str(ana)),
    ]


def test_the_record_leads_to_overview_and_merge(sign_in, ana: int) -> None:
    text = sign_in("manager").get(f"/customers/customers/show/{ana}").text
    assert f'href="/customers/{ana}/"' in text
    assert f'href="/customers/merge/?target={ana}"' in text
    assert (
        "/customers/merge/" not in sign_in("cashier").get(f"/customers/customers/show/{ana}").text
    )

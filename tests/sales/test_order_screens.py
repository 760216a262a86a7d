"""The screens of orders over HTTP."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import session
from models.customers import CustomerAddress
from models.sales import Order, OrderApproval
from tests.rows import make_row
from tests.sales.ordering import ADDRESS, Desk, order_of
from tests.services.shop import new_key


@pytest.fixture
def desk(db_session) -> Desk:
    made = Desk()
    session().commit()
    return made


def form_of(desk: Desk, **more: object) -> dict[str, object]:
    return {
        "key": new_key(),
        "customer_id": desk.customer,
        "location_id": desk.place,
        "channel": "phone",
        "variant_id": [desk.variant],
        "quantity": ["2"],
        "shipping_method": "delivery",
        "delivery_address": ADDRESS,
        "shipping_cost": "10",
        "expected_total": "50.00",
        **more,
    }


def test_an_order_is_typed_priced_and_taken(desk, sign_in):
    client = sign_in("cashier")
    assert client.get(f"/sales/order/new/?customer_id={desk.customer}").text.count("Rosa") == 1
    priced = client.post("/sales/order/new/price", data=form_of(desk)).text
    assert 'name="expected_total" value="50.00"' in priced
    assert session().scalar(sa.select(sa.func.count()).select_from(Order)) == 0
    taken = client.post("/sales/order/new/save", data=form_of(desk))
    assert taken.status_code == 302, taken.text
    page = client.get(taken.location)
    assert page.status_code == 200
    for text in ("PED-", ADDRESS, "Rosa Quispe", "S/ 50.00 is still to be paid."):
        assert text in page.text


def test_what_was_typed_stays_with_what_is_wrong(desk, sign_in):
    client = sign_in("cashier")
    wrong = client.post("/sales/order/new/save", data=form_of(desk, delivery_address=""))
    assert wrong.status_code == 422
    assert "Say where the goods go." in wrong.text
    assert f'data-variant="{desk.variant}"' in wrong.text
    much = client.post(
        "/sales/order/new/save", data=form_of(desk, quantity=["11"], expected_total="230.00")
    )
    assert much.status_code == 409
    assert "Only 10 available" in much.text
    unseen = client.post("/sales/order/new/save", data=form_of(desk, expected_total=""))
    assert "Look at the total first" in unseen.text
    when = client.post("/sales/order/new/save", data=form_of(desk, reserve_until="soon"))
    assert when.status_code == 422


def test_customers_and_their_addresses_are_offered(desk, sign_in):
    make_row(CustomerAddress, customer_id=desk.customer, label="Home", address_line="Jr. Uno 1",
             district="Lince", reference="Blue door", is_default=True)  # fmt: skip
    session().commit()
    client = sign_in("cashier")
    found = client.get("/sales/order/new/customers?q=quispe").json["results"]
    assert desk.customer in [one["id"] for one in found]
    url = f"/sales/order/new/addresses?customer_id={desk.customer}"
    assert client.get(url).json["addresses"] == [
        {"label": "Home", "text": "Jr. Uno 1, Lince\nBlue door"}
    ]


def test_the_page_of_an_order_leads_it_to_the_customer(desk, sign_in):
    order_id = desk.order()
    session().commit()
    client = sign_in("manager")
    url = f"/sales/order/{order_id}"
    pay = {"key": new_key(), "method": "transfer", "amount": "40", "reference": ""}
    unpaid = client.post(f"{url}/pay", data=pay)
    assert unpaid.status_code == 422
    assert "Type the number of the operation." in unpaid.text
    assert client.post(f"{url}/pay", data=pay | {"reference": "OP-9"}).status_code == 302
    for state in ("picking", "shipped", "delivered", "completed"):
        assert client.post(f"{url}/move", data={"to_status": state}).status_code == 302
        session().expire_all()
        assert order_of(order_id).status == state
    assert client.post(f"{url}/move", data={"to_status": "picking"}).status_code == 409


def test_what_must_be_approved_is_asked_for(desk, sign_in):
    order_id = desk.order("paid")
    session().commit()
    client = sign_in("cashier")
    url = f"/sales/order/{order_id}"
    assert "Ask to: Cancel the order" in client.get(url).text
    silent = client.post(f"{url}/move", data={"to_status": "cancelled", "reason": ""})
    assert silent.status_code == 422
    asked = client.post(f"{url}/move", data={"to_status": "cancelled", "reason": "By mistake"})
    assert asked.status_code == 302
    assert "By mistake" in client.get(url).text
    assert session().scalar(sa.select(sa.func.count()).select_from(OrderApproval)) == 1


def test_the_pick_list_is_a_pdf(desk, sign_in):
    order_id = desk.order("paid")
    session().commit()
    answer = sign_in("warehouse").get(f"/sales/order/{order_id}/pick_list.pdf")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")


def test_the_page_takes_as_many_statements_whatever_the_lines(desk, sign_in, count_statements):
    client, taken = sign_in("manager"), []
    from app.services.sales.place_order import OrderedLine
    from tests.services.shop import add_variant, receive

    for number in (1, 6):
        variants = [add_variant("1") for _n in range(number)]
        receive(desk.place, dict.fromkeys(variants, 2))
        lines = tuple(OrderedLine(variant, 1) for variant in variants)
        order_id = desk.place_order(total=f"{number}.00", lines=lines).order_id
        session().commit()
        client.get(f"/sales/order/{order_id}")
        with count_statements() as statements:
            client.get(f"/sales/order/{order_id}")
        taken.append(len(statements))
    assert taken[0] == taken[1]

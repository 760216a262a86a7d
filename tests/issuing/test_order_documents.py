"""Orders by telephone get their document when they are paid or handed over."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.db import atomic, session
from app.domain.tenders import Tender
from app.services.sales.cancel_order import CancelOrder, cancel_order
from app.services.sales.place_order import place_order
from app.services.sunat.document_errors import (
    AlreadyIssuedError,
    CustomerNeededError,
    NothingToIssueError,
    RucNeededError,
)
from app.services.sunat.errors import NoIssuerError
from app.services.sunat.issue_for_order import IssueForOrder, issue_for_order
from models.sales import Order, OrderStatusTransition
from models.sunat import DocumentSequence
from tests.issuing.books import add_buyer, add_issuer, content_of, documents, new_key, sums_of
from tests.sales.ordering import Desk, person
from tests.sales_returns.counter import acting
from tests.services.shop import NOW


@pytest.fixture
def desk(db_session) -> Desk:
    desk = Desk()
    add_issuer(desk.place)
    return desk


def order_of(order_id: int) -> Order:
    session().expire_all()
    return session().get_one(Order, order_id)


def numbers(order_id: int) -> list[tuple[str, int]]:
    return [(one.document_type, one.correlative_number) for one in documents(order_id=order_id)]


def issue(order_id: int, kind: str = "", **more):
    command = IssueForOrder(more.get("key") or new_key(), order_id, kind)
    return issue_for_order(command, actor=person("cashier"), now=NOW)


def test_an_order_gets_its_boleta_with_the_last_payment(desk):
    order_id = desk.order()
    desk.pay(order_id, "15.00")
    assert numbers(order_id) == []
    desk.pay(order_id, "25.00")
    assert numbers(order_id) == [("03", 1)]
    for state in ("picking", "shipped"):
        desk.move(order_id, state)
    assert numbers(order_id) == [("03", 1)]


def test_an_order_that_is_handed_over_first_gets_it_then(desk):
    with atomic() as current:
        current.add(OrderStatusTransition(from_status="confirmed", to_status="shipped"))
    order_id = desk.order()
    desk.move(order_id, "shipped")
    assert numbers(order_id) == [("03", 1)]
    desk.pay(order_id, "40.00")
    assert numbers(order_id) == [("03", 1)]


def test_delivery_is_a_line_of_the_document(desk):
    order_id = desk.place_order("49.90", shipping_cost=Decimal("9.90")).order_id
    desk.pay(order_id, "49.90")
    [row] = documents(order_id=order_id)
    order = order_of(order_id)
    assert sums_of(row).payable == order.grand_total == Decimal("49.90")
    assert row.total_igv == order.tax_total
    assert content_of(row).lines[-1].description == "SERVICIO DE ENTREGA"


def test_a_factura_is_asked_for_when_the_order_is_taken(desk):
    with pytest.raises(RucNeededError):
        desk.place_order(document_type="01")
    desk.customer = add_buyer()
    order_id = desk.place_order(document_type="01").order_id
    assert order_of(order_id).document_type == "01"
    desk.pay(order_id, "40.00")
    assert numbers(order_id) == [("01", 1)]


def test_a_large_order_needs_to_know_who_orders(desk):
    desk.customer = add_buyer("0", None, full_name="Somebody")
    command = replace(desk.command("720.00", 36), document_type="")
    from tests.services.shop import receive

    receive(desk.place, {desk.variant: 40})
    with pytest.raises(CustomerNeededError):
        place_order(command, actor=desk.actor, now=NOW)


def test_a_payment_is_not_refused_because_of_a_document(desk):
    order_id = desk.order()
    with atomic() as current:
        current.execute(sa.update(DocumentSequence).values(is_active=False))
    desk.pay(order_id, "40.00")
    assert (order_of(order_id).status, numbers(order_id)) == ("paid", [])
    with atomic() as current:
        current.execute(sa.update(DocumentSequence).values(is_active=True))
    assert issue(order_id).number == "B001-1"


@pytest.fixture
def without(desk) -> int:
    """A paid order that couldn't get its document."""
    desk.customer = add_buyer()
    with atomic() as current:
        current.execute(sa.update(DocumentSequence).values(is_active=False))
    order_id = desk.order("paid")
    with atomic() as current:
        current.execute(sa.update(DocumentSequence).values(is_active=True))
    return order_id


def test_an_order_without_a_document_gets_one_once(without):
    key = new_key()
    first, again = issue(without, key=key), issue(without, key=key)
    assert (first.number, again.number, again.replayed) == ("B001-1", "B001-1", True)
    with pytest.raises(AlreadyIssuedError):
        issue(without)


def test_the_kind_of_document_may_be_said_later(without):
    assert issue(without, "01").number == "F001-1"
    assert order_of(without).document_type == "01"


def test_an_order_that_is_neither_paid_nor_handed_over_gets_none(desk):
    with pytest.raises(NothingToIssueError):
        issue(desk.order())


def test_a_cancelled_order_gets_a_note_and_no_document_any_more(desk):
    order_id = desk.order("paid")
    with atomic() as current:
        current.execute(sa.update(OrderStatusTransition).values(requires_approval=False))
    actor = acting(person("manager"))
    refunds = (Tender("transfer", Decimal("40.00"), "OP-2"),)
    cancel_order(CancelOrder(new_key(), order_id, "Changed mind", refunds), actor=actor, now=NOW)
    assert numbers(order_id) == [("03", 1), ("07", 1)]
    note = documents(order_id=order_id)[1]
    assert content_of(note).reason == "01"
    assert sums_of(note).payable == Decimal("40.00")
    with pytest.raises(NothingToIssueError):
        issue(order_id)


def test_without_an_issuer_orders_are_as_they_were(db_session):
    desk = Desk()
    order_id = desk.order("paid")
    assert (order_of(order_id).document_type, numbers(order_id)) == ("NV", [])
    with pytest.raises(NoIssuerError):
        issue(order_id)

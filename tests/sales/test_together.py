"""Orders, approvals and batches by many at once, and sudden death: real commits."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import session
from app.services.inventory.errors import InsufficientStockError
from app.services.sales.answer_approval import AnswerApproval, answer_approval
from app.services.sales.coupon_errors import BatchExistsError
from app.services.sales.generate_coupons import GenerateCoupons, generate_coupons
from app.services.sales.order_errors import AlreadyAnsweredError
from app.services.sales.place_order import place_order
from models.platform import IdempotencyKey
from models.sales import Coupon, Order, OrderApproval, Promotion
from tests.conftest import _dispose, _test_app, cloned_database
from tests.inventory.warehouse import level, wrong_books
from tests.processes import KILLED, at_once, ended, in_a_process, in_processes
from tests.rows import make_row
from tests.sales.ordering import Desk, order_of, person
from tests.services.shop import NOW, new_key

PROCESSES = 8
TOO_FEW = 3


@pytest.fixture(scope="module")
def shared_app(servers, template_database, environment) -> Iterator[Flask]:
    """An application on a database of these tests alone, where commits are real."""
    with cloned_database(servers, template_database) as url:
        app = _test_app(environment, url)
        yield app
        _dispose(app)


@pytest.fixture
def real_app(shared_app: Flask) -> Iterator[Flask]:
    """In the context of the application; each test has a desk of its own."""
    with shared_app.app_context():
        yield shared_app
        session().rollback()


def placing(desk: Desk) -> Callable[[], object]:
    """Order two pieces; TOO_FEW when they aren't there."""

    def place() -> object:
        try:
            return desk.place_order()
        except InsufficientStockError:
            return TOO_FEW

    return place


def orders_of(desk: Desk) -> int:
    statement = sa.select(sa.func.count()).where(Order.location_id == desk.place)
    return session().scalar(statement) or 0


def test_eight_processes_order_the_last_pieces_and_none_is_promised_twice(real_app: Flask) -> None:
    desk = Desk(pieces=6)
    session().commit()
    outcomes = in_processes(real_app, [placing(desk)] * PROCESSES)
    assert sorted(outcomes) == [0] * 3 + [TOO_FEW] * 5
    session().rollback()
    assert (orders_of(desk), level(desk.place, desk.variant)) == (3, (6, 6, 0))
    assert wrong_books() == {}


@pytest.mark.parametrize("statement", [6, 14, 22])
def test_a_process_killed_while_it_orders_leaves_nothing(real_app: Flask, statement: int) -> None:
    desk, key = Desk(), new_key()
    session().commit()

    def place() -> object:
        return desk.place_order(key=key)

    assert ended(in_a_process(real_app, place, dies_at=statement)) == KILLED
    session().rollback()
    assert (orders_of(desk), level(desk.place, desk.variant)) == (0, (10, 0, 10))
    assert session().scalar(sa.select(IdempotencyKey).where(IdempotencyKey.key == key)) is None
    session().commit()
    assert ended(in_a_process(real_app, place)) == 0
    assert (orders_of(desk), level(desk.place, desk.variant)) == (1, (10, 2, 8))


def test_one_key_from_many_is_one_order(real_app: Flask) -> None:
    desk = Desk()
    command = desk.command()
    session().commit()
    done = at_once(real_app, [lambda: place_order(command, actor=desk.actor, now=NOW)] * 5)
    assert len({one.order_id for one in done}) == 1
    session().rollback()
    assert (orders_of(desk), level(desk.place, desk.variant)) == (1, (10, 2, 8))


def test_of_two_approvers_at_once_one_wins_and_the_other_is_told(real_app: Flask) -> None:
    desk = Desk()
    asked = desk.move(desk.order("paid"), "cancelled", "No")
    manager, admin = person("manager"), person("admin")
    session().commit()

    def by(actor: object, *, approve: bool) -> object:
        command = AnswerApproval(asked.approval_id, approve, "Because")
        return lambda: answer_approval(command, actor=actor, now=NOW)

    outcomes = at_once(real_app, [by(manager, approve=True), by(admin, approve=False)])
    told = [one for one in outcomes if isinstance(one, AlreadyAnsweredError)]
    assert len(told) == 1, outcomes
    session().rollback()
    approval = session().get_one(OrderApproval, asked.approval_id)
    state = {"approved": "cancelled", "rejected": "paid"}[approval.status]
    assert order_of(approval.order_id).status == state


def test_paying_and_cancelling_at_once_ends_in_one_of_both(real_app: Flask) -> None:
    desk = Desk()
    orders = [desk.order() for _n in range(3)]
    session().commit()
    works = [lambda o=o: desk.pay(o, "40.00") for o in orders]
    works += [lambda o=o: desk.move(o, "cancelled", "No") for o in orders]
    at_once(real_app, works)
    session().rollback()
    for order_id in orders:
        order = order_of(order_id)
        assert (order.status, order.payment_status) in (("paid", "paid"), ("cancelled", "unpaid"))
    assert wrong_books() == {}


def test_batches_at_once_have_as_many_coupons_as_asked_for(real_app: Flask) -> None:
    offer = make_row(Promotion, type="percent", value=10, conditions={"coupon": True}).id
    session().commit()
    actor = person("manager")

    def make(name: str, key: str) -> object:
        command = GenerateCoupons(key, offer, name, 300, length=5)
        return lambda: generate_coupons(command, actor=actor, now=NOW)

    same = new_key()
    outcomes = at_once(
        real_app, [make("A", same), make("A", same), make("B", new_key()), make("A", new_key())]
    )
    # Whoever takes the name first refuses it to the other key, which may have been sent twice.
    refused = [one for one in outcomes if isinstance(one, Exception)]
    assert len(refused) in (1, 2), outcomes
    assert {type(one) for one in refused} == {BatchExistsError}
    session().rollback()
    found = session().execute(
        sa.select(Coupon.batch, sa.func.count(sa.distinct(Coupon.code))).group_by(Coupon.batch)
    )
    assert dict(found.all()) == {"A": 300, "B": 300}

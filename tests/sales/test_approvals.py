"""Changes of orders that somebody else must approve."""

from __future__ import annotations

from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.access.limits import OverLimitError
from app.db import atomic, session
from app.domain.tenders import Tender
from app.services.overview.my_work import orders_to_approve
from app.services.sales.answer_approval import AnswerApproval, answer_approval
from app.services.sales.cancel_order import CancelOrder, cancel_order
from app.services.sales.errors import (
    ApprovalRequiredError,
    TransitionForbiddenError,
    TransitionNotAllowedError,
)
from app.services.sales.order_errors import (
    AlreadyAnsweredError,
    ApprovalNotFoundError,
    NeedsRefundError,
    NeedsReturnError,
    OwnRequestError,
    ReasonNeededError,
    VoidRequestError,
)
from app.services.sales.read_approvals import read_approvals
from models.identity import Role
from models.messaging import Notification
from models.platform import AuditLog
from models.sales import Order, OrderApproval, OrderStatusChange, OrderStatusTransition
from tests.inventory.warehouse import level, wrong_books
from tests.sales.ordering import Desk, order_of, person
from tests.services.shop import NOW, new_key
from tests.users import user_id_of

WHY = "The customer changed her mind"


@pytest.fixture
def desk(db_session) -> Desk:
    """Even an order that nobody has paid is only cancelled when somebody else agrees."""
    with atomic():
        session().execute(
            sa.update(OrderStatusTransition)
            .where(
                OrderStatusTransition.from_status == "confirmed",
                OrderStatusTransition.to_status == "cancelled",
            )
            .values(requires_approval=True)
        )
    return Desk()


@pytest.fixture
def asked(desk) -> OrderApproval:
    """An order that the cashier asks to cancel."""
    order_id = desk.order()
    done = desk.move(order_id, "cancelled", WHY)
    assert done.status == "confirmed"
    return session().get_one(OrderApproval, done.approval_id)


def answer(asked: OrderApproval, username: str = "manager", *, approve: bool = True, reason=""):
    command = AnswerApproval(asked.id, approve, reason)
    return answer_approval(command, actor=person(username), now=NOW)


def told(username: str) -> list[tuple[str, str]]:
    row = Notification
    found = session().execute(
        sa.select(row.notification_type, row.payload["reason"].astext)
        .where(row.user_id == user_id_of(username), row.notification_type.startswith("order_"))
        .order_by(row.created_at)
    )
    return [tuple(one) for one in found]


def test_a_change_that_must_be_approved_waits(desk, asked):
    order = order_of(asked.order_id)
    assert (order.status, asked.status, asked.reason) == ("confirmed", "pending", WHY)
    assert level(desk.place, desk.variant) == (10, 2, 8)
    waiting = read_approvals(actor=person("manager"))
    assert [(one.number, one.customer, one.to_status, one.own) for one in waiting] == [
        (order.order_number, "Rosa Quispe", "cancelled", False)
    ]
    assert [one.own for one in read_approvals(actor=desk.actor)] == [True]
    assert ("order_approval_requested", WHY) in told("manager")
    assert told("cashier") == []


def test_asking_again_is_the_same_request(desk, asked):
    again = desk.move(asked.order_id, "cancelled", "Really")
    assert again.approval_id == asked.id
    assert session().scalar(sa.select(sa.func.count()).select_from(OrderApproval)) == 1


def test_asking_says_why(desk):
    order_id = desk.order()
    for reason in (None, "  "):
        with pytest.raises(ReasonNeededError):
            desk.move(order_id, "cancelled", reason)


def test_asking_wants_the_right_of_the_change(desk):
    order_id = desk.order()
    with pytest.raises(TransitionForbiddenError):
        desk.move(order_id, "cancelled", WHY, actor=person("warehouse"))
    with pytest.raises(TransitionNotAllowedError):
        desk.move(order_id, "delivered", WHY)


def test_approving_carries_it_out_and_tells_who_asked(desk, asked):
    assert answer(asked, reason="Fine").status == "cancelled"
    assert order_of(asked.order_id).status == "cancelled"
    assert level(desk.place, desk.variant) == (10, 0, 10)
    history = session().scalars(
        sa.select(OrderStatusChange).where(OrderStatusChange.order_id == asked.order_id)
    )
    last = max(history, key=lambda one: one.id)
    assert (last.new_status, last.changed_by, last.change_reason) == (
        "cancelled", user_id_of("manager"), WHY,
    )  # fmt: skip
    session().refresh(asked)
    assert (asked.status, asked.decided_by) == ("approved", user_id_of("manager"))
    assert told("cashier") == [("order_approved", "Fine")]
    assert wrong_books() == {}


def test_money_goes_back_by_an_operation_that_the_approval_allows(desk):
    order_id = desk.order("paid")
    asked = session().get_one(OrderApproval, desk.move(order_id, "cancelled", WHY).approval_id)
    back = CancelOrder(new_key(), order_id, WHY, (Tender("transfer", Decimal("40.00"), "OP-2"),))
    with pytest.raises(ApprovalRequiredError):
        cancel_order(back, actor=desk.actor, now=NOW)
    assert answer(asked).status == "paid"
    cancel_order(back, actor=desk.actor, now=NOW)
    order = order_of(order_id)
    assert (order.status, order.payment_status) == ("cancelled", "refunded")
    assert level(desk.place, desk.variant) == (10, 0, 10)


def test_a_change_of_state_alone_gives_no_money_back(desk):
    with atomic():
        session().execute(sa.update(OrderStatusTransition).values(requires_approval=False))
    order_id = desk.order("paid")
    with pytest.raises(NeedsRefundError):
        desk.move(order_id, "cancelled", WHY)
    for state in ("picking", "shipped"):
        desk.move(order_id, state)
    with pytest.raises(NeedsReturnError):
        desk.move(order_id, "returned", WHY)


def test_rejecting_needs_a_reason_and_leaves_the_order(desk, asked):
    with pytest.raises(ReasonNeededError):
        answer(asked, approve=False)
    assert answer(asked, approve=False, reason="It is on its way").status == "confirmed"
    assert level(desk.place, desk.variant) == (10, 2, 8)
    assert told("cashier") == [("order_rejected", "It is on its way")]


def test_the_second_to_answer_is_told_who_was_first(asked):
    answer(asked)
    assert answer(asked).status == "cancelled"  # the same once more
    for username, approve in (("admin", True), ("manager", False)):
        with pytest.raises(AlreadyAnsweredError, match="Manager Tester"):
            answer(asked, username, approve=approve, reason="No")


def test_nobody_answers_what_they_asked_for_unless_they_may(desk):
    order_id = desk.order()
    manager = person("manager")
    mine = session().get_one(
        OrderApproval, desk.move(order_id, "cancelled", WHY, actor=manager).approval_id
    )
    with pytest.raises(OwnRequestError):
        answer(mine)
    assert orders_to_approve(actor=manager, now=NOW) == []
    other = desk.order()
    admin = person("admin")
    own = desk.move(other, "cancelled", WHY, actor=admin)
    assert answer(session().get_one(OrderApproval, own.approval_id), "admin").status == "cancelled"


def test_nobody_approves_more_than_their_limit(asked):
    with atomic():
        role = session().scalars(sa.select(Role).where(Role.name == "Manager")).one()
        role.policy = {**role.policy, "limits": {**role.policy["limits"], "approval_amount": 39}}
    with pytest.raises(OverLimitError):
        answer(asked)
    assert answer(asked, approve=False, reason="Too much").status == "confirmed"


def test_a_request_is_void_once_the_order_has_moved(desk, asked):
    desk.pay(asked.order_id, "40.00")
    session().refresh(asked)
    assert asked.status == "void"
    with pytest.raises(VoidRequestError):
        answer(asked)
    assert read_approvals(actor=person("manager")) == []
    assert desk.move(asked.order_id, "cancelled", WHY).approval_id != asked.id


def test_a_request_that_is_not_there_is_not_found(asked):
    with pytest.raises(ApprovalNotFoundError):
        answer_approval(AnswerApproval(asked.id + 1, True), actor=person("manager"), now=NOW)


def test_the_audit_log_names_both(desk, asked):
    answer(asked)
    session().commit()
    entries = session().execute(
        sa.select(AuditLog.action, AuditLog.new_values["status"].astext).where(
            AuditLog.table_name == "sales.order_approvals"
        )
    )
    assert sorted(map(tuple, entries)) == [("insert", "pending"), ("update", "approved")]


def test_as_many_statements_whatever_waits(desk, count_statements):
    taken = []
    for _n in (1, 4):
        order_id = desk.order()
        desk.move(order_id, "cancelled", WHY)
        actor = person("manager")
        with count_statements() as statements:
            read_approvals(actor=actor)
        taken.append(len(statements))
    assert taken == [1, 1]


def test_the_inbox_answers_the_ticked_ones_each_by_itself(desk, asked, sign_in):
    other = desk.order()
    own = desk.move(other, "cancelled", "Mine", actor=person("manager")).approval_id
    session().commit()
    client = sign_in("manager")
    page = client.get("/sales/approvals/").text
    assert WHY in page
    assert "Rosa Quispe" in page
    assert "S/ 40.00" in page
    ticked = {"answer": "approve", "approval": [asked.id, own]}
    refused = client.post("/sales/approvals/answer", data=ticked)
    assert refused.status_code == 403
    assert "somebody else must answer it" in refused.text
    session().expire_all()
    assert order_of(asked.order_id).status == "cancelled"
    assert order_of(other).status == "confirmed"
    nothing = client.post("/sales/approvals/answer", data={"answer": "approve"})
    assert nothing.status_code == 422
    assert "Tick what you answer" in nothing.text


def test_a_program_asks_and_another_answers(desk, client, token):
    order_id = desk.order()
    session().commit()
    body = {"order_id": order_id, "to_status": "cancelled", "reason": WHY}
    sent = client.post("/api/v1/sales/transition_order", json=body, headers=token("admin"))
    assert sent.status_code == 200, sent.text
    waits = sent.json["result"]
    assert waits["status"] == "confirmed"
    answered = client.post(
        "/api/v1/sales/answer_approval",
        json={"approval_id": waits["approval_id"], "approve": True},
        headers=token("manager"),
    )
    assert answered.json["result"]["status"] == "cancelled", answered.text


def test_the_board_sends_to_the_page_where_a_reason_is_given(desk, sign_in):
    order_id = desk.order("paid", "picking")
    with atomic():
        session().execute(
            sa.update(OrderStatusTransition)
            .where(OrderStatusTransition.to_status == "shipped")
            .values(requires_approval=True)
        )
    answer = sign_in("manager").post(
        f"/sales/orders/board/move/{order_id}?by=status", data={"by": "status", "to": "shipped"}
    )
    assert answer.status_code in (409, 422)
    assert session().scalar(sa.select(sa.func.count()).select_from(OrderApproval)) == 0
    assert session().get_one(Order, order_id).status == "picking"

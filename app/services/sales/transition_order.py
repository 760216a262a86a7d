"""The one way in which the state of an order changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.services.sales.errors import (
    ApprovalRequiredError,
    TransitionForbiddenError,
    TransitionNotAllowedError,
)
from app.services.sales.find_order import find_order
from app.services.sales.order_account import read_account
from app.services.sales.order_errors import (
    NeedsRefundError,
    NeedsReturnError,
    OrderNotPaidError,
)
from app.services.sales.order_goods import (
    GONE,
    hand_over_goods,
    hold_goods,
    let_goods_go,
    lock_goods,
)
from app.services.sales.request_approval import request_approval
from app.services.sales.tell_customer import tell_customer
from app.services.sales.use_coupon import give_back_coupons
from app.services.sunat.issue_for_order import issue_if_due
from models.sales import (
    Order,
    OrderApproval,
    OrderItem,
    OrderStatusChange,
    OrderStatusTransition,
)


@dataclass(frozen=True, slots=True)
class TransitionOrder:
    """``reason`` goes into the history; a change that must be approved needs one."""

    order_id: int
    to_status: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """``status`` is the order's now; ``approval_id`` is the request that waits for an answer, when
    the change must be approved."""

    status: str
    approval_id: int | None = None


def transition_order(command: TransitionOrder, *, actor: Actor, now: dt.datetime) -> Transition:
    """Set the order's state and write its history, if order_status_transitions has such a row; ask
    for an approval where the row wants one.

    What the state means for the goods is done with it: picking reserves again what had expired,
    shipping sells what is reserved, cancelling frees it and gives coupons back. An order that is
    paid or handed over gets its document unless it has one. An order that is there already stays as
    it is. Locks the stock rows of the goods by key, the order, the document's series. Raises
    :class:`~app.services.sales.errors.OrderNotFoundError`, :class:`TransitionNotAllowedError`,
    :class:`TransitionForbiddenError` when the row's right is missing, :class:`NeedsReturnError` and
    :class:`NeedsRefundError` where money goes back with it, :class:`OrderNotPaidError`,
    :class:`~app.services.sales.order_errors.ReasonNeededError` and
    :class:`~app.services.inventory.errors.InsufficientStockError` with what is lacking.
    """
    after = command.to_status
    with atomic():
        order = lock_order(command.order_id, actor=actor)
        if order.status == after:
            return Transition(after)
        if require_transition(order.status, after, actor=actor).requires_approval:
            asked = request_approval(order, after, command.reason, actor=actor, now=now)
            return Transition(order.status, asked)
        carry_out(order, after, command.reason, actor=actor, now=now)
        return Transition(after)


def lock_order(order_id: int, *, actor: Actor) -> Order:
    """The order within the actor's reach, locked after the stock rows of its goods."""
    lock_goods(find_order(order_id, actor=actor, action="update"))
    return find_order(order_id, actor=actor, action="update", lock=True)


def carry_out(
    order: Order, after: str, reason: str | None, *, actor: Actor, now: dt.datetime
) -> None:
    """Do what the state means, and set it: of an order from :func:`lock_order`, for a change that
    needs no approval or has it."""
    before = order.status
    if gives_back(order, after):
        raise NeedsReturnError if after == "returned" else NeedsRefundError
    if after == "paid":
        _require_paid(order)
    elif after == "picking":
        hold_goods(order, actor=actor, now=now)
    elif after in GONE and before not in GONE:
        hand_over_goods(order, actor=actor, now=now)
    elif after == "cancelled":
        let_goods_go(order, actor=actor, now=now)
        _cancel_lines(order)
    write_state(order, after, reason, actor=actor, now=now)
    tell_customer(order, f"order_{after}", actor=actor, now=now)
    if after == "paid" or (after in GONE and before not in GONE):
        session().flush()  # the document's series is locked after all else
        issue_if_due(order, actor=actor, now=now)


def change_state(
    order: Order, after: str, reason: str | None = None, *, actor: Actor, now: dt.datetime
) -> None:
    """The transition alone, of an order that the caller has locked or is about to add, for an
    operation that does itself what the state means.

    Adds both to the session and writes nothing yet. Raises :class:`TransitionNotAllowedError`,
    :class:`TransitionForbiddenError` and :class:`ApprovalRequiredError`.
    """
    rule = require_transition(order.status, after, actor=actor)
    if rule.requires_approval:
        raise ApprovalRequiredError(after)
    write_state(order, after, reason, actor=actor, now=now)


def write_state(
    order: Order, after: str, reason: str | None = None, *, actor: Actor, now: dt.datetime
) -> None:
    """The transition itself, for who has asked :func:`require_transition` and, where it wants an
    approval, has one."""
    before, order.status = order.status, after
    if after == "cancelled":
        give_back_coupons(order.id)
    session().add(
        OrderStatusChange(
            order=order,
            previous_status=before,
            new_status=after,
            changed_by=actor.user_id,
            change_reason=reason,
            ip_address=actor.ip,
            changed_at=now,
        )
    )
    if order.id is not None:
        _void_requests(order.id, now)


def find_transition(before: str, after: str) -> OrderStatusTransition:
    """The row that leads from the one state to the other; :class:`TransitionNotAllowedError`."""
    rule = session().scalar(
        sa.select(OrderStatusTransition).where(
            OrderStatusTransition.from_status == before, OrderStatusTransition.to_status == after
        )
    )
    if rule is None:
        raise TransitionNotAllowedError(before, after)
    return rule


def require_transition(before: str, after: str, *, actor: Actor) -> OrderStatusTransition:
    """The row that allows it; :class:`TransitionNotAllowedError` where there is none, and
    :class:`TransitionForbiddenError` when its right is missing."""
    rule = find_transition(before, after)
    if rule.required_permission and not actor.may(rule.required_permission):
        raise TransitionForbiddenError(after, rule.required_permission)
    return rule


def _void_requests(order_id: int, now: dt.datetime) -> None:
    """What was asked of the order in its state before is nothing to be answered any more."""
    session().execute(
        sa.update(OrderApproval)
        .where(OrderApproval.order_id == order_id, OrderApproval.status == "pending")
        .values(status="void", decided_at=now)
        .execution_options(synchronize_session=False)
    )


def _require_paid(order: Order) -> None:
    """Payments, and what is bought on credit, reach the total."""
    if missing := read_account(order).unpaid:
        raise OrderNotPaidError(missing)


def gives_back(order: Order, after: str) -> bool:
    """Whether the change gives goods or money back, which operations of their own do: they ask how,
    and need the approval of the change before they do it."""
    return after == "returned" or (after == "cancelled" and read_account(order).kept > 0)


def _cancel_lines(order: Order) -> None:
    session().execute(
        sa.update(OrderItem)
        .where(OrderItem.order_id == order.id, OrderItem.status == "active")
        .values(status="cancelled")
        .execution_options(synchronize_session=False)
    )

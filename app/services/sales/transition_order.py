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
from app.services.sales.use_coupon import give_back_coupons
from models.sales import Order, OrderStatusChange, OrderStatusTransition


@dataclass(frozen=True, slots=True)
class TransitionOrder:
    order_id: int
    to_status: str
    reason: str | None = None


def transition_order(command: TransitionOrder, *, actor: Actor, now: dt.datetime) -> None:
    """Set the order's state and write its history, if order_status_transitions has such a row.

    Locks the order. An order that is there already stays as it is. Raises
    :class:`~app.services.sales.errors.OrderNotFoundError`, :class:`TransitionNotAllowedError`,
    :class:`TransitionForbiddenError` when the row's right is missing, and
    :class:`ApprovalRequiredError` when somebody else has to approve it.
    """
    with atomic():
        order = find_order(command.order_id, actor=actor, action="update", lock=True)
        if order.status != command.to_status:
            change_state(order, command.to_status, command.reason, actor=actor, now=now)


def change_state(
    order: Order, after: str, reason: str | None = None, *, actor: Actor, now: dt.datetime
) -> None:
    """The transition of an order that the caller has locked or is about to add.

    Adds both to the session and writes nothing yet. Raises what :func:`transition_order` does,
    but for an order that isn't there.
    """
    if require_transition(order.status, after, actor=actor).requires_approval:
        raise ApprovalRequiredError(after)
    write_state(order, after, reason, actor=actor, now=now)


def require_transition(before: str, after: str, *, actor: Actor) -> OrderStatusTransition:
    """The row that allows it; :class:`TransitionNotAllowedError` where there is none, and
    :class:`TransitionForbiddenError` when its right is missing."""
    rule = _rule(before, after)
    if rule.required_permission and not actor.may(rule.required_permission):
        raise TransitionForbiddenError(after, rule.required_permission)
    return rule


def write_state(
    order: Order, after: str, reason: str | None = None, *, actor: Actor, now: dt.datetime
) -> None:
    """The transition itself, for who has asked :func:`require_transition` and, where it wants an
    approval, has one."""
    before = order.status
    order.status = after
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


def _rule(before: str, after: str) -> OrderStatusTransition:
    rule = session().scalar(
        sa.select(OrderStatusTransition).where(
            OrderStatusTransition.from_status == before, OrderStatusTransition.to_status == after
        )
    )
    if rule is None:
        raise TransitionNotAllowedError(before, after)
    return rule

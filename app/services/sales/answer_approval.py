"""A change of an order's state that somebody asked for is approved or rejected."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.access.limits import require_limit
from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import atomic, lock_row, session
from app.i18n import lazy_gettext as _
from app.services.messaging.notify import notify
from app.services.sales.order_errors import (
    AlreadyAnsweredError,
    ApprovalNotFoundError,
    OwnRequestError,
    ReasonNeededError,
    VoidRequestError,
)
from app.services.sales.transition_order import (
    Transition,
    carry_out,
    find_transition,
    gives_back,
    lock_order,
)
from models.identity import User
from models.sales import Order, OrderApproval

APPROVE_OWN = "sales.approvals:approve_own"
LIMIT = "approval_amount"


@dataclass(frozen=True, slots=True)
class AnswerApproval:
    """``reason`` may be empty for an approval."""

    approval_id: int
    approve: bool
    reason: str = ""


def answer_approval(command: AnswerApproval, *, actor: Actor, now: dt.datetime) -> Transition:
    """Carry the change out, or leave the order as it is; tells who asked.

    What gives money back is only allowed by it: whoever asked goes on with the return, or with the
    cancellation and its refund, while the order stays in its state.

    The same answer of the same person again changes nothing. Locks the stock rows of the order's
    goods by key, the order, the request: of two who answer at once one wins, the other is told.
    Raises :class:`ApprovalNotFoundError`, :class:`ReasonNeededError` for a rejection without one,
    :class:`OwnRequestError` unless the actor holds ``sales.approvals:approve_own``,
    :class:`~app.access.limits.OverLimitError` for more than the role may approve,
    :class:`AlreadyAnsweredError`, :class:`VoidRequestError`, and what
    :func:`~app.services.sales.transition_order.find_transition` and ``carry_out`` raise.
    """
    reason = command.reason.strip()
    if not command.approve and not reason:
        raise ReasonNeededError(_("Say why it is rejected."))
    with atomic():
        order = lock_order(_order_of(command.approval_id, actor), actor=actor)
        asked = lock_row(sa.select(OrderApproval).where(OrderApproval.id == command.approval_id))
        if asked is None:
            raise ApprovalNotFoundError(command.approval_id)
        answer = "approved" if command.approve else "rejected"
        if asked.status != "pending":
            _require_same(asked, answer, actor)
            return Transition(order.status)
        _require_may(asked, order, command, actor)
        asked.status, asked.decided_by, asked.decided_at = answer, actor.user_id, now
        asked.decision_reason = reason or None
        session().flush()  # so that carrying it out doesn't make it void
        if command.approve:
            find_transition(order.status, asked.to_status)
            if not gives_back(order, asked.to_status):
                carry_out(order, asked.to_status, asked.reason, actor=actor, now=now)
        _tell(asked, answer, actor=actor, now=now)
        return Transition(order.status)


def _order_of(approval_id: int, actor: Actor) -> int:
    """The order of a request within the actor's reach."""
    statement = sa.select(OrderApproval.order_id).where(OrderApproval.id == approval_id)
    order_id = session().scalar(scoped(statement, OrderApproval, Reader.of(actor), "read"))
    if order_id is None:
        raise ApprovalNotFoundError(approval_id)
    return order_id


def _require_same(asked: OrderApproval, answer: str, actor: Actor) -> None:
    if asked.status == "void":
        raise VoidRequestError
    if (asked.status, asked.decided_by) != (answer, actor.user_id):
        person = session().get(User, asked.decided_by) if asked.decided_by else None
        name = person.full_name if person is not None else "–"
        raise AlreadyAnsweredError(asked.status, name)


def _require_may(asked: OrderApproval, order: Order, command: AnswerApproval, actor: Actor) -> None:
    if order.status != asked.from_status:
        raise VoidRequestError
    if asked.requested_by == actor.user_id and not actor.may(APPROVE_OWN):
        raise OwnRequestError
    if command.approve:
        require_limit(actor, LIMIT, order.grand_total)


def _tell(asked: OrderApproval, answer: str, *, actor: Actor, now: dt.datetime) -> None:
    payload = {
        "table": "sales.orders",
        "record_id": str(asked.order_id),
        "who": actor.name,
        "reason": asked.decision_reason or "",
    }
    notify(
        [asked.requested_by],
        f"order_{answer}",
        payload,
        link=f"/sales/order/{asked.order_id}",
        actor=actor,
        now=now,
        event_key=f"order_{answer}:{asked.id}",
    )

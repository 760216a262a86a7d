"""Somebody asks for a change of an order's state that somebody else must approve."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import session
from app.i18n import lazy_gettext as _
from app.services.identity.users_with_right import users_with_right
from app.services.messaging.notify import notify
from app.services.sales.order_errors import ReasonNeededError
from models.sales import Order, OrderApproval, OrderStatusTransition

APPROVE = "sales.approvals:update"
"""Who holds it may answer, and is told."""
EVENT = "order_approval_requested"
INBOX = "/sales/approvals/"


def request_approval(
    order: Order, to_status: str, reason: str | None, *, actor: Actor, now: dt.datetime
) -> int:
    """The pending request for that change of the order, made and told to those who may approve it
    unless it waits already; gives its key.

    The caller has locked the order. Raises :class:`ReasonNeededError` without a reason.
    """
    why = (reason or "").strip()
    if not why:
        raise ReasonNeededError(_("Say why, so that somebody can approve it."))
    waiting = sa.select(OrderApproval.id).where(
        OrderApproval.order_id == order.id,
        OrderApproval.to_status == to_status,
        OrderApproval.status == "pending",
    )
    known = session().scalar(waiting)
    if known is not None:
        return known
    made = session().execute(
        insert(OrderApproval)
        .values(
            order_id=order.id,
            from_status=order.status,
            to_status=to_status,
            reason=why,
            requested_by=actor.user_id,
            created_at=now,
        )
        .returning(OrderApproval.id)
    )
    approval_id = int(made.scalar_one())
    payload = {
        "table": "sales.orders",
        "record_id": str(order.id),
        "who": actor.name,
        "reason": why,
    }
    key = f"{EVENT}:{approval_id}"
    people = users_with_right(APPROVE)
    notify(people, EVENT, payload, link=INBOX, actor=actor, now=now, event_key=key)
    return approval_id


def waits_for_approval(order: Order, rule: OrderStatusTransition) -> bool:
    """Whether the step wants an approval that no answered request has given."""
    row = OrderApproval
    given = sa.select(row.id).where(
        row.order_id == order.id,
        row.from_status == rule.from_status,
        row.to_status == rule.to_status,
        row.status == "approved",
    )
    return rule.requires_approval and session().scalar(given.limit(1)) is None

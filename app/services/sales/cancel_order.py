"""An order is given up before its goods left: what it holds is free, what it took goes back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from app.actor import Actor
from app.db import session
from app.domain.refunds import Account, Due
from app.domain.tenders import Tender
from app.i18n import lazy_gettext as _
from app.services.identity.approve_with_pin import Approval
from app.services.inventory.release_reservation import ReleaseReservation, release_reservation
from app.services.platform.run_once import Claim, run_once
from app.services.sales.find_order import find_order
from app.services.sales.order_account import read_account
from app.services.sales.refund_order import (
    Refunding,
    check_refunds,
    lock_customer,
    lock_till,
    require_limit,
    require_refunds,
    require_somebody_else,
    settle_accounts,
    write_refund,
)
from app.services.sales.return_documents import correct_document
from app.services.sales.return_errors import InvalidReturnError
from app.services.sales.return_items import read_items, whole_lines
from app.services.sales.return_order import (
    LONGEST_REASON,
    Returned,
    due_of,
    return_number,
)
from app.services.sales.transition_order import require_transition, write_state
from models.inventory import Location
from models.sales import Order, OrderReturn

SCOPE = "sales.cancel"
RIGHT = "sales.orders:cancel"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """``refunds`` add up to the money that the order has taken; points and debt go back by
    themselves. ``key``, ``cash_session_id`` and ``approval`` are as those of a return."""

    key: str
    order_id: int
    reason: str
    refunds: tuple[Tender, ...] = ()
    cash_session_id: int | None = None
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """``refund`` is what was given back, None where nothing had been paid."""

    order_id: int
    refund: Returned | None
    replayed: bool


def cancel_order(command: CancelOrder, *, actor: Actor, now: dt.datetime) -> Cancelled:
    """Cancel the order, or tell of the same cancellation before.

    All or nothing: the state, reserved stock and coupons are free again, everything that was paid
    goes back, points go both ways. Locks, in this order: the claim, the cash session (shared; alone
    when cash leaves it), the stock rows of the reservations by key, the order, the customer
    (shared), the coupons, the number of the return, the customer's points and wallet, the order's
    document, the series of its nota de crédito.

    Raises :class:`~app.services.sales.errors.TransitionNotAllowedError` for an order whose goods
    have left, :class:`~app.services.sales.errors.TransitionForbiddenError`,
    :class:`~app.services.sales.errors.ApprovalRequiredError`, :class:`InvalidReturnError` without a
    reason, and of refunds what :func:`~app.services.sales.return_order.return_order` does.
    """
    reason = command.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        sentence = _("This is too long.") if reason else _("This is required.")
        raise InvalidReturnError(_("Say why."), fields={"reason": str(sentence)})
    check_refunds(command.refunds)
    claim = Claim(SCOPE, command.key, replace(command, approval=None))
    answer = run_once(claim, lambda: _cancel(command, actor, now), actor=actor, now=now)
    refund = answer.result["refund"]
    return Cancelled(
        command.order_id,
        Returned.of(refund, replayed=answer.replayed) if refund else None,
        answer.replayed,
    )


def _cancel(command: CancelOrder, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    till = lock_till(command.cash_session_id, command.refunds, actor=actor)
    find_order(command.order_id, actor=actor, action="update")
    held = ReleaseReservation(f"{SCOPE}:{command.key}", order_id=command.order_id)
    release_reservation(held, actor=actor, now=now)
    order = find_order(command.order_id, actor=actor, action="update", lock=True)
    rule = require_transition(order.status, CANCELLED, actor=actor)
    lock_customer(order.customer_id)
    account = read_account(order)
    due = _give_up(order, account)
    allowed = require_limit(due.amount, RIGHT, command.approval, actor=actor)
    require_somebody_else(order, rule, allowed, actor=actor)
    require_refunds(command.refunds, account, due, order.customer_id)
    who = f" ({allowed.approver})" if allowed else ""
    write_state(order, CANCELLED, f"{command.reason.strip()}{who}", actor=actor, now=now)
    if not due.amount:
        return {"refund": None}
    place = till.location_id if till else order.location_id
    row = OrderReturn(
        number=return_number(session().get_one(Location, place)),
        kind="cancellation",
        order_id=order.id,
        location_id=place,
        cash_session_id=till.id if till else None,
        user_id=actor.user_id,
        approved_by=allowed.approver_id if allowed else None,
        reason=command.reason.strip(),
        amount=due.amount,
        created_at=now,
    )
    refunding = Refunding(order, row, account, due, command.refunds)
    write_refund(refunding, f"{SCOPE}:{command.key}", now=now)
    settle_accounts(refunding, actor=actor, now=now)
    correct_document(row, actor=actor, now=now)
    return {"refund": refunding.result()}


def _give_up(order: Order, account: Account) -> Due:
    """Mark the lines as cancelled; gives what is due for all of them."""
    items = read_items(order.id)
    for item in items.values():
        item.status = CANCELLED
    return due_of(order, account, whole_lines(items))

"""A customer brings goods back: stock, money and points go the other way, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.actor import Actor
from app.domain.refunds import Account, Due, SoldLine, all_back, due_back
from app.domain.tenders import Tender
from app.i18n import lazy_gettext as _
from app.services.identity.approve_with_pin import Approval
from app.services.inventory.stock import lock_stock, require_location
from app.services.platform.next_number import next_number
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import Claim, run_once
from app.services.sales.errors import TransitionNotAllowedError
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
from app.services.sales.return_errors import InvalidReturnError, NotReturnableError
from app.services.sales.return_items import (
    RETURNED,
    SCOPE,
    ReturnedItem,
    check_items,
    read_items,
    restock,
    restocked_variants,
    sold_lines,
    write_items,
)
from app.services.sales.transition_order import require_transition, write_state
from models.inventory import Location
from models.sales import Order, OrderReturn, OrderStatusTransition

RIGHT = "sales.returns:create"
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class ReturnOrder:
    """``key`` names this return for good: sent again, it is the same return.

    ``refunds`` add up to the money that is due, which
    :func:`~app.services.sales.read_return.quote_return` tells; points and debt go back by
    themselves. Cash needs the actor's open ``cash_session_id``; goods then come back to its
    location, else to that of the order. What is above the actor's limit needs a supervisor's
    ``approval``.
    """

    key: str
    order_id: int
    items: tuple[ReturnedItem, ...]
    reason: str
    refunds: tuple[Tender, ...] = ()
    cash_session_id: int | None = None
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """``amount`` was given back in all; ``points_missing`` should have been taken back, but the
    customer has spent them. ``replayed`` says that it had been done before."""

    return_id: int
    number: str
    amount: Decimal
    points_missing: int
    replayed: bool

    @classmethod
    def of(cls, result: Mapping[str, Any], *, replayed: bool) -> Returned:
        return cls(
            result["return_id"],
            result["number"],
            Decimal(result["amount"]),
            result["points_missing"],
            replayed,
        )


def return_order(command: ReturnOrder, *, actor: Actor, now: dt.datetime) -> Returned:
    """Take the goods back and give what was really paid for them, or tell of the same return.

    All or nothing: lines, return and payments, stock and its ledger, points and wallet, the nota
    de crédito where a document was issued, the state when everything is back. Never more than was
    sold, less what came back before; together, any returns of an order give back exactly what was
    paid. Locks, in this order: the claim, the cash session (shared; alone when cash leaves it), the
    stock rows by key, the order, the customer (shared), the number of the return, the customer's
    points and wallet, the sale's document, the series of its nota de crédito.

    Raises :class:`InvalidReturnError`, :class:`NotReturnableError`, :class:`TooManyBackError`,
    :class:`~app.services.sales.return_errors.RefundError`,
    :class:`~app.services.sales.return_errors.RefundNotAllowedError`, errors of the cash session
    (:func:`~app.services.sales.refund_order.lock_till`),
    :class:`~app.services.sales.errors.OrderNotFoundError` and
    :class:`~app.services.platform.errors.IdempotencyConflictError`.
    """
    check_return(command)
    check_refunds(command.refunds)

    def work() -> dict[str, Any]:
        refunding = take_back(command, actor=actor, now=now)
        settle_accounts(refunding, actor=actor, now=now)
        correct_document(refunding.row, actor=actor, now=now)
        return refunding.result()

    # Who approved isn't part of what was asked: a repetition needn't have it.
    claim = Claim(SCOPE, command.key, replace(command, approval=None))
    answer = run_once(claim, work, actor=actor, now=now)
    return Returned.of(answer.result, replayed=answer.replayed)


def check_return(command: ReturnOrder) -> None:
    """Raise :class:`InvalidReturnError` for what can't be understood at all."""
    check_items(command.items)
    reason = command.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        sentence = _("This is too long.") if reason else _("This is required.")
        raise InvalidReturnError(
            _("Say why the goods come back."), fields={"reason": str(sentence)}
        )


def take_back(
    command: ReturnOrder, *, actor: Actor, now: dt.datetime, kind: str = "return"
) -> Refunding:
    """All of a return but the customer's points and wallet, and the document, which are locked
    last."""
    till = lock_till(command.cash_session_id, command.refunds, actor=actor)
    seen = find_order(command.order_id, actor=actor, action="update")
    location = require_location(till.location_id if till else seen.location_id)
    variants = restocked_variants(seen.id, command.items)
    lock_stock([(location.id, variant) for variant in variants], create=True)
    order = find_order(seen.id, actor=actor, action="update", lock=True)
    rule = require_returnable(order, actor)
    items = read_items(order.id)
    lines = sold_lines(items, command.items)
    lock_customer(order.customer_id)
    account = read_account(order)
    due = due_of(order, account, lines)
    allowed = require_limit(due.amount, RIGHT, command.approval, actor=actor)
    require_refunds(command.refunds, account, due, order.customer_id)
    row = OrderReturn(
        number=return_number(location),
        kind=kind,
        order_id=order.id,
        location_id=location.id,
        cash_session_id=till.id if till else None,
        user_id=actor.user_id,
        approved_by=allowed.approver_id if allowed else None,
        reason=command.reason.strip(),
        amount=due.amount,
        created_at=now,
    )
    refunding = Refunding(order, row, account, due, command.refunds)
    write_refund(refunding, f"{SCOPE}:{command.key}", now=now)
    write_items(row, items, command.items)
    if all_back(tuple(lines.values())):
        require_somebody_else(order, rule, allowed, actor=actor)
        who = f" ({allowed.approver})" if allowed else ""
        write_state(order, RETURNED, f"{row.number}: {row.reason}{who}", actor=actor, now=now)
    restock(row, items, command.items, actor=actor, now=now)
    return refunding


def due_of(order: Order, account: Account, lines: Mapping[int, SoldLine]) -> Due:
    """What is due now, by the coins of today."""
    coin = read_setting("sales.cash_rounding")
    return due_back(account, tuple(lines.values()), order.shipping_cost, coin)


def require_returnable(order: Order, actor: Actor) -> OrderStatusTransition:
    """The order may go to ``returned`` from where it is: its goods are with the customer."""
    try:
        return require_transition(order.status, RETURNED, actor=actor)
    except TransitionNotAllowedError:
        raise NotReturnableError(order.status) from None


def return_number(location: Location) -> str:
    """Returns are numbered without gaps at each location: ``LIM1-D00000042``."""
    return f"{location.code}-D{next_number(f'return:{location.code}'):08d}"

"""An order from elsewhere than the till is paid, at once or bit by bit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from app.actor import Actor
from app.db import on_commit, session
from app.domain.money import ZERO
from app.domain.payment_status import payment_status
from app.domain.refunds import CREDIT
from app.domain.tenders import CASH, Settlement, Tender, TenderError, settle
from app.doorbell import ring
from app.i18n import lazy_gettext as _
from app.services.inventory.errors import InsufficientStockError
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import Claim, run_once
from app.services.sales.cash_sessions import lock_open_session
from app.services.sales.checkout import RECEIPT_JOB
from app.services.sales.errors import OverpaidError, PaymentError
from app.services.sales.find_order import find_order
from app.services.sales.order_account import read_account
from app.services.sales.order_errors import OrderNotOpenError
from app.services.sales.order_goods import hold_goods
from app.services.sales.take_payment import (
    add_payments,
    check_tenders,
    require_credit_for,
    take_from_customer,
)
from app.services.sales.tell_customer import tell_customer
from app.services.sales.transition_order import change_state, lock_order
from app.services.sunat.issue_for_order import issue_if_due
from models.sales import Order

SCOPE = "sales.pay_order"
OPEN = ("confirmed", "paid", "picking", "shipped", "delivered")


@dataclass(frozen=True, slots=True)
class PayOrder:
    """``tenders`` are what came in; cash goes into the actor's open ``cash_session_id``."""

    key: str
    order_id: int
    tenders: tuple[Tender, ...]
    cash_session_id: int | None = None


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """``missing`` is what is still to be paid, ``change`` what cash gave back, in soles."""

    status: str
    payment_status: str
    missing: Decimal
    change: Decimal
    replayed: bool


def pay_order(command: PayOrder, *, actor: Actor, now: dt.datetime) -> PaidOrder:
    """Write the payments, and set a confirmed order that they cover to paid.

    Less than what is missing is a part of it; more is refused, but for cash, which gives change.
    With the last payment the goods are kept for the order without end, those that are still there:
    money that has come is never refused because of goods that have gone. Locks the claim, the cash
    session (shared), the stock rows by key, the order, the customer (on credit), the loyalty
    account, the wallet, the series of the order's document, which is issued with the last payment
    unless it was before. Raises :class:`PaymentError` and its kin, errors of the cash session
    (:func:`~app.services.sales.cash_sessions.lock_open_session`), :class:`OrderNotOpenError`,
    :class:`~app.services.sales.errors.OrderNotFoundError` and what the customer's accounts refuse.
    """
    if not command.tenders:
        raise PaymentError(_("Say how it is paid."))
    if command.cash_session_id is None and any(one.method == CASH for one in command.tenders):
        raise PaymentError(_("Open a cash session to take cash."))
    order = find_order(command.order_id, actor=actor, action="update")
    check_tenders(command.tenders, order.customer_id)
    claim = Claim(SCOPE, command.key, command)
    answer = run_once(claim, lambda: _pay(command, actor, now), actor=actor, now=now)
    result = answer.result
    return PaidOrder(
        result["status"],
        result["payment_status"],
        Decimal(result["missing"]),
        Decimal(result["change"]),
        answer.replayed,
    )


def _pay(command: PayOrder, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    till = None
    if any(one.method == CASH for one in command.tenders):
        till = lock_open_session(command.cash_session_id or 0, actor=actor, share=True)
    order = lock_order(command.order_id, actor=actor)
    account = read_account(order)
    due = account.unpaid
    if order.status not in OPEN or not due:
        raise OrderNotOpenError(order.order_number)
    settlement = _settle(due, command.tenders)
    require_credit_for(settlement, order.customer_id, actor=actor, now=now)
    order.cash_rounding += settlement.rounding
    order.grand_total += settlement.rounding
    before = len(order.payments)
    add_payments(order, settlement, f"{SCOPE}:{command.key}", now=now)
    for payment in order.payments[before:]:
        payment.cash_session_id = till.id if till is not None and payment.method == CASH else None
    came = _added(account.came, settlement)
    in_money = sum(came.values(), ZERO) - came.get(CREDIT, ZERO)
    order.payment_status = payment_status(
        order.grand_total, paid=in_money, refunded=account.refunded
    )
    missing = due + settlement.rounding - settlement.paid
    if not missing:
        _covered(order, actor=actor, now=now)
    session().flush()  # the ledgers of points and wallet come after the payments
    take_from_customer(order, settlement, actor=actor, now=now)
    if not missing:
        issue_if_due(order, actor=actor, now=now)
    return {
        "status": order.status,
        "payment_status": order.payment_status,
        "missing": str(missing),
        "change": str(settlement.change),
    }


def _settle(due: Decimal, tenders: tuple[Tender, ...]) -> Settlement:
    """What each tender pays: all that is due, or a part of it."""
    try:
        return settle(due, tenders, read_setting("sales.cash_rounding"))
    except TenderError as error:
        if error.missing < 0:
            raise OverpaidError(excess=-error.missing) from None
        return Settlement(tenders, tuple(one.amount for one in tenders), ZERO, ZERO)


def _added(came: Mapping[str, Decimal], settlement: Settlement) -> dict[str, Decimal]:
    """What came in all, by means of payment."""
    found = dict(came)
    for tender, amount in zip(settlement.tenders, settlement.kept, strict=True):
        found[tender.method] = found.get(tender.method, ZERO) + amount
    return found


def _covered(order: Order, *, actor: Actor, now: dt.datetime) -> None:
    """All is paid, or bought on credit: the goods stay reserved and a receipt is made."""
    if order.status != "confirmed":
        return
    with suppress(InsufficientStockError):  # said when they are picked
        hold_goods(order, actor=actor, now=now)
    change_state(order, "paid", actor=actor, now=now)
    tell_customer(order, "order_paid", actor=actor, now=now)
    order.receipt_status = "pending"
    on_commit(partial(ring, RECEIPT_JOB, order.id, queue="high"))

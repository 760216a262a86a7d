"""Money of an order goes back: what returns, exchanges and cancellations have in common.

Inside the caller's transaction, with the order locked. Locks of the whole, in their order: the
claim, the cash session, the stock rows by key, the order, the customer (shared), the number of the
return; then, by :func:`settle_accounts`, the customer's points and wallet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.domain.money import CENT, ZERO
from app.domain.payment_status import payment_status
from app.domain.refunds import CREDIT, POINTS, Account, Due
from app.domain.tenders import CASH, Tender
from app.i18n import lazy_gettext as _
from app.services.customers.refund_points import RefundPoints, refund_points
from app.services.customers.refund_wallet import refund_wallet
from app.services.identity.approve_with_pin import Approval
from app.services.platform.run_once import kept_for
from app.services.sales.amounts import MOST_CASH
from app.services.sales.cash_sessions import lock_open_session, read_cash_position
from app.services.sales.errors import ApprovalRequiredError, NotEnoughCashInTillError
from app.services.sales.request_approval import waits_for_approval
from app.services.sales.return_errors import NotRefundedError, RefundError, RefundNotAllowedError
from app.services.sales.take_payment import BY_REFERENCE, LONGEST_REFERENCE, MOST_TENDERS
from app.session import INCLUDE_DELETED
from models.customers import Customer
from models.sales import (
    CashSession,
    Order,
    OrderPayment,
    OrderReturn,
    OrderStatusTransition,
)

LIMIT = "refund_amount"
WALLET = "wallet"
MEANS = (CASH, WALLET, *BY_REFERENCE)
"""How money is given back; exchanges use a means of their own."""


@dataclass(frozen=True, slots=True)
class Refunding:
    """A refund that is written down; only the customer's points and wallet are still to move."""

    order: Order
    row: OrderReturn
    account: Account
    due: Due
    refunds: tuple[Tender, ...]

    def result(self) -> dict[str, object]:
        return {
            "return_id": self.row.id,
            "number": self.row.number,
            "amount": str(self.due.amount),
            "points_missing": self.row.points_missing,
        }


def lock_till(
    session_id: int | None, refunds: Sequence[Tender], *, actor: Actor
) -> CashSession | None:
    """As :func:`require_till`, for refunds that may do without; :class:`RefundError` for cash from
    nowhere."""
    if session_id is not None:
        return require_till(session_id, refunds, actor=actor)
    if any(one.method == CASH for one in refunds):
        raise RefundError(_("Cash is given back from an open cash session."))
    return None


def require_till(session_id: int, refunds: Sequence[Tender], *, actor: Actor) -> CashSession:
    """The actor's open session, locked: alone when cash leaves it, else shared.

    Raises what :func:`lock_open_session` does, and :class:`NotEnoughCashInTillError`.
    """
    cash = sum((one.amount for one in refunds if one.method == CASH), ZERO)
    till = lock_open_session(session_id, actor=actor, share=not cash)
    if cash and (expected := read_cash_position(till).expected) < cash:
        raise NotEnoughCashInTillError(expected)
    return till


def lock_customer(customer_id: int | None) -> None:
    """Keep the order's customer from being merged into another meanwhile."""
    statement = sa.select(Customer.id).where(Customer.id == customer_id)
    statement = statement.with_for_update(read=True, key_share=True)
    if customer_id is not None:
        session().execute(statement, execution_options=INCLUDE_DELETED)


def check_refunds(refunds: Sequence[Tender]) -> None:
    """Raise :class:`RefundError` beside the refund that makes no sense."""
    if len(refunds) > MOST_TENDERS:
        raise RefundError(_("A return has %(count)s refunds at most.", count=MOST_TENDERS))
    for n, one in enumerate(refunds):
        if one.method not in MEANS:
            raise wrong(n, "method", _("Money can't be given back so."))
        if not one.amount.is_finite() or not 0 < one.amount <= MOST_CASH:
            raise wrong(n, "amount", _("The amount must be more than zero."))
        if one.amount != one.amount.quantize(CENT):
            raise wrong(n, "amount", _("Amounts have two decimals at most."))
        if len(one.reference) > LONGEST_REFERENCE:
            raise wrong(n, "reference", _("This number is too long."))
        if one.method in BY_REFERENCE and not one.reference.strip():
            raise wrong(n, "reference", _("Type the number of the operation."))


def require_refunds(
    refunds: Sequence[Tender], account: Account, due: Due, customer_id: int | None
) -> None:
    """The refunds are what is due, and by card, Yape, Plin or transfer no more goes back than came
    so. Raises :class:`NotRefundedError` and :class:`RefundError`."""
    by_method: dict[str, Decimal] = {}
    for n, one in enumerate(refunds):
        given = by_method[one.method] = by_method.get(one.method, ZERO) + one.amount
        if one.method in BY_REFERENCE and given > (most := account.left(one.method)):
            raise wrong(n, "amount", _("No more than %(amount)s was paid so.", amount=f"S/ {most}"))
        if one.method == WALLET and customer_id is None:
            raise wrong(n, "method", _("The sale has no customer, and so no wallet."))
    missing = due.money - sum(by_method.values(), ZERO)
    if missing:
        raise NotRefundedError(due=due.money, missing=missing)


def refund_limit(actor: Actor) -> Decimal | None:
    """How much the actor may give back at once, in soles; None without a limit."""
    return actor.policy.limit(LIMIT)


def require_limit(
    amount: Decimal, right: str, approval: Approval | None, *, actor: Actor
) -> Approval | None:
    """Who allowed the refund, if it wasn't the actor; :class:`RefundNotAllowedError`."""
    covers = approval is not None and approval.covers(right, LIMIT, amount)
    limit = refund_limit(actor)
    if limit is None or amount <= limit:
        return approval if covers else None
    if covers:
        return approval
    raise RefundNotAllowedError(amount, limit)


def require_somebody_else(
    order: Order, rule: OrderStatusTransition, allowed: Approval | None, *, actor: Actor
) -> None:
    """Where the step wants an approval, somebody else has given one, here or to a request; else
    :class:`ApprovalRequiredError`."""
    approver = allowed.approver_id if allowed else actor.user_id
    if approver == actor.user_id and waits_for_approval(order, rule):
        raise ApprovalRequiredError(rule.to_status)


def write_refund(refunding: Refunding, key: str, *, now: dt.datetime) -> None:
    """Write the return and a payment below zero for each means, and derive the payment status."""
    order, row, due = refunding.order, refunding.row, refunding.due
    session().add(row)
    session().flush()  # its payments name the key that the database gives
    parts = ((POINTS, due.points, ""), (CREDIT, due.credit, ""))
    given = tuple((one.method, one.amount, one.reference) for one in refunding.refunds)
    for n, (method, amount, reference) in enumerate((*parts, *given)):
        if amount:
            session().add(
                OrderPayment(
                    order_id=order.id,
                    return_id=row.id,
                    cash_session_id=row.cash_session_id,
                    method=method,
                    currency=order.currency,
                    amount=-amount,
                    transaction_id=reference.strip() or None,
                    status="completed",
                    idempotency_key=f"{key}:{n}",
                    idempotency_expires_at=now + kept_for(),
                    processed_at=now,
                )
            )
    if due.amount:
        paid = refunding.account.paid
        order.payment_status = payment_status(order.grand_total, paid=paid, refunded=due.so_far)


def settle_accounts(refunding: Refunding, *, actor: Actor, now: dt.datetime) -> None:
    """Points go both ways, and the wallet gets its part. Locks the customer's points, then the
    wallet."""
    order, row, due = refunding.order, refunding.row, refunding.due
    if order.customer_id is None or not due.amount:
        return
    share = RefundPoints(order.customer_id, order.id, due.so_far, refunding.account.paid)
    moved = refund_points(share, actor=actor, now=now)
    row.points_given, row.points_taken, row.points_missing = moved.given, moved.taken, moved.missing
    wallet = sum((one.amount for one in refunding.refunds if one.method == WALLET), ZERO)
    if wallet:
        refund_wallet(order.customer_id, wallet, order.order_number, actor=actor, now=now)


def means_back(account: Account, customer_id: int | None) -> Mapping[str, Decimal | None]:
    """How money of the order may go back, with the most by each; None: all of it."""
    own = {WALLET: None} if customer_id is not None else {}
    exact = {method: left for method in BY_REFERENCE if (left := account.left(method))}
    return {CASH: None, **own, **exact}


def wrong(number: int, field: str, sentence: object) -> RefundError:
    return RefundError(sentence, fields={f"refunds.{number}.{field}": str(sentence)})

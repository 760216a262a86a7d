"""The tenders of a sale: checked, kept as payments, taken from wallet, points and credit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from app.actor import Actor
from app.domain.loyalty import points_that_pay
from app.domain.money import CENT, ZERO
from app.domain.payment_status import payment_status
from app.domain.tenders import CASH, Settlement, Tender, TenderError, settle
from app.i18n import lazy_gettext as _
from app.services.customers.debit_wallet import debit_wallet
from app.services.customers.earn_points import earn_points
from app.services.customers.redeem_points import redeem_points
from app.services.customers.require_credit import require_credit
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import kept_for
from app.services.sales.amounts import MOST_CASH
from app.services.sales.errors import NotEnoughCashError, NotPaidError, OverpaidError, PaymentError
from models.sales import Order, OrderPayment

BY_REFERENCE = ("card", "yape", "plin", "transfer")
OF_CUSTOMERS = ("wallet", "points", "credit")
METHODS = (CASH, *BY_REFERENCE, *OF_CUSTOMERS)
MOST_TENDERS = 10
LONGEST_REFERENCE = 64


def check_tenders(tenders: Sequence[Tender], customer_id: int | None) -> None:
    """Raise :class:`PaymentError` beside the tender that makes no sense."""
    if len(tenders) > MOST_TENDERS:
        raise PaymentError(_("A sale has %(count)s payments at most.", count=MOST_TENDERS))
    for n, one in enumerate(tenders):
        if one.method not in METHODS:
            raise _wrong(n, "method", _("There is no such means of payment."))
        if not one.amount.is_finite() or not 0 <= one.amount <= MOST_CASH:
            raise _wrong(n, "amount", _("This is not an amount."))
        if one.amount != one.amount.quantize(CENT):
            raise _wrong(n, "amount", _("Amounts have two decimals at most."))
        if not one.amount and one.method != CASH:
            raise _wrong(n, "amount", _("The amount must be more than zero."))
        if len(one.reference) > LONGEST_REFERENCE:
            raise _wrong(n, "reference", _("This number is too long."))
        if one.method in BY_REFERENCE and not one.reference.strip():
            raise _wrong(n, "reference", _("Type the number of the operation."))
        if one.method in OF_CUSTOMERS and customer_id is None:
            raise _wrong(n, "method", _("Choose the customer who pays with it."))


def settle_tenders(total: Decimal, tenders: Sequence[Tender]) -> Settlement:
    """What each tender pays; :class:`NotEnoughCashError`, :class:`NotPaidError` and
    :class:`OverpaidError` when they don't pay the total."""
    try:
        return settle(total, tenders, read_setting("sales.cash_rounding"))
    except TenderError as error:
        if error.missing < 0:
            raise OverpaidError(excess=-error.missing) from None
        if all(one.method == CASH for one in tenders):
            received = sum((one.amount for one in tenders), ZERO)
            due = error.missing + received
            raise NotEnoughCashError(to_pay=due, received=received) from None
        raise NotPaidError(missing=error.missing) from None


def require_credit_for(
    settlement: Settlement, customer_id: int | None, *, actor: Actor, now: dt.datetime
) -> None:
    """The customer may owe what is bought on credit; asked before the payments are written, which
    count as owed. Locks the customer."""
    if customer_id is not None and (credit := _kept_by(settlement, "credit")):
        require_credit(customer_id, credit, actor=actor, now=now)


def add_payments(order: Order, settlement: Settlement, key: str, *, now: dt.datetime) -> None:
    """Write what was kept of each tender and derive the order's payment status.

    What pays nothing is no payment. What is bought on credit is not paid.
    """
    for n, (tender, kept) in enumerate(zip(settlement.tenders, settlement.kept, strict=True)):
        if not kept:
            continue
        in_cash = tender.method == CASH
        change = settlement.change if in_cash else ZERO
        order.payments.append(
            OrderPayment(
                cash_session_id=order.cash_session_id,
                method=tender.method,
                amount=kept,
                tendered=kept + change if in_cash else None,
                change_given=change,
                transaction_id=tender.reference.strip() or None,
                status="completed",
                idempotency_key=f"{key}:{n}",
                idempotency_expires_at=now + kept_for(),
                processed_at=now,
            )
        )
    paid = settlement.paid - _kept_by(settlement, "credit")
    order.payment_status = payment_status(order.grand_total, paid=paid, refunded=ZERO)


def take_from_customer(
    order: Order, settlement: Settlement, *, actor: Actor, now: dt.datetime
) -> None:
    """Points and wallet pay their parts, and the rest earns points; the order has its key and
    number. Locks the loyalty account, then the wallet.

    Raises what the customer's accounts refuse, and :class:`PaymentError` for an amount that no
    number of points pays.
    """
    customer = order.customer_id
    if customer is None:
        return
    in_points, wallet = _kept_by(settlement, "points"), _kept_by(settlement, "wallet")
    if in_points:
        points = points_that_pay(in_points, read_setting("loyalty.point_value"))
        if points is None:
            raise PaymentError(_("No number of points is worth that amount."))
        redeem_points(customer, points, order.id, actor=actor, now=now)
    earn_points(customer, settlement.paid - in_points, order.id, actor=actor, now=now)
    if wallet:
        debit_wallet(customer, wallet, order.order_number, actor=actor, now=now)


def _kept_by(settlement: Settlement, method: str) -> Decimal:
    pairs = zip(settlement.tenders, settlement.kept, strict=True)
    return sum((kept for tender, kept in pairs if tender.method == method), ZERO)


def _wrong(number: int, field: str, sentence: object) -> PaymentError:
    return PaymentError(sentence, fields={f"tenders.{number}.{field}": str(sentence)})

"""What happens at tills, as the tests do it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.actor import Actor
from app.domain.access_policy import UNLIMITED
from app.services.sales.answer_cash_difference import AnswerCashDifference, answer_cash_difference
from app.services.sales.close_cash_session import (
    CloseCashSession,
    ClosedTill,
    close_cash_session,
)
from app.services.sales.count_cash import CountedPieces, sum_of
from app.services.sales.read_cash_report import ReadCashReport, read_cash_report
from models.sales import Order, OrderPayment
from reports.cash.report import CashReport
from tests.rows import make_row
from tests.services.shop import NOW, Shop, cashier, new_key


def person(username: str, *rights: str) -> Actor:
    """Somebody with these rights, who reads all rows and has no limits."""
    plain = cashier(username)
    return Actor(plain.user_id, plain.name, rights=frozenset(rights), policy=UNLIMITED)


def approver(username: str = "manager", *rights: str) -> Actor:
    return person(username, "sales.cash:approve", *rights)


def close(shop: Shop, counted: str, **more: object) -> ClosedTill:
    command = CloseCashSession(shop.till, Decimal(counted), **more)
    return close_cash_session(command, actor=shop.actor, now=NOW)


def close_with(shop: Shop, pieces: dict[str, int], **more: object) -> ClosedTill:
    counted = tuple(CountedPieces(Decimal(value), n) for value, n in pieces.items())
    return close(shop, str(sum_of(counted)), denominations=counted, **more)


def answer(
    shop: Shop, actor: Actor, *, approve: bool = True, reason: str = "Seen", key: str = ""
) -> dict[str, object]:
    command = AnswerCashDifference(key or new_key(), shop.till, approve, reason)
    return answer_cash_difference(command, actor=actor, now=NOW).result


def report_of(shop: Shop, now: dt.datetime = NOW) -> CashReport:
    return read_cash_report(ReadCashReport(shop.till), actor=shop.actor, now=now)


def give_back(shop: Shop, order_id: int, amount: str, method: str = "cash") -> OrderPayment:
    """A refund from the till, as returning goods writes it."""
    payment: OrderPayment = make_row(
        OrderPayment,
        order_id=order_id,
        cash_session_id=shop.till,
        method=method,
        amount=-Decimal(amount),
        status="completed",
        processed_at=NOW,
        idempotency_key=new_key(),
    )
    return payment


def orders_of(shop: Shop) -> list[Order]:
    from app.db import session

    return list(session().query(Order).filter_by(cash_session_id=shop.till).order_by(Order.id))

"""What is asked before goods are taken back: which sale, what is left of it, what it comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.access.rows import Reader, related_rows, scoped
from app.actor import Actor
from app.db import session
from app.domain.refunds import Account, Due, propose
from app.services.sales.find_order import find_order
from app.services.sales.order_account import read_account
from app.services.sales.refund_order import means_back, refund_limit
from app.services.sales.return_items import (
    RETURNED,
    ReturnedItem,
    amounts_by_item,
    check_items,
    read_items,
    sold_lines,
    whole_lines,
)
from app.services.sales.return_order import due_of, require_returnable
from models.base import escape_like, fits
from models.customers import Customer
from models.sales import Order, OrderStatusTransition

MOST_FOUND = 10
LONGEST_NUMBER = 64


@dataclass(frozen=True, slots=True)
class QuoteReturn:
    """Pieces that would come back."""

    order_id: int
    items: tuple[ReturnedItem, ...]


@dataclass(frozen=True, slots=True)
class ReturnQuote:
    """What a return would give back; ``points + credit + money == amount``.

    ``by_item`` is what each line brings, ``means`` how money may go back with the most by each
    (None: all of it), ``refunds`` the way it came. ``limit`` is the actor's, None without one.
    """

    amount: Decimal
    points: Decimal
    credit: Decimal
    money: Decimal
    by_item: Mapping[int, Decimal]
    means: Mapping[str, Decimal | None]
    refunds: Mapping[str, Decimal]
    limit: Decimal | None

    @property
    def needs_approval(self) -> bool:
        return self.limit is not None and self.amount > self.limit


def quote_return(command: QuoteReturn, *, actor: Actor, now: dt.datetime) -> ReturnQuote:
    """What :func:`~app.services.sales.return_order.return_order` would give back now.

    Locks nothing. Raises :class:`~app.services.sales.return_errors.InvalidReturnError`,
    :class:`~app.services.sales.return_errors.NotReturnableError`,
    :class:`~app.services.sales.return_errors.TooManyBackError` and
    :class:`~app.services.sales.errors.OrderNotFoundError`.
    """
    del now
    check_items(command.items)
    order = find_order(command.order_id, actor=actor)
    require_returnable(order, actor)
    items = read_items(order.id)
    account = read_account(order)
    due = due_of(order, account, sold_lines(items, command.items))
    by_item = amounts_by_item(items, command.items, due.amount)
    return _quote(order, account, due, by_item, actor)


def quote_cancel(order_id: int, *, actor: Actor) -> ReturnQuote:
    """What :func:`~app.services.sales.cancel_order.cancel_order` would give back now."""
    order = find_order(order_id, actor=actor)
    account = read_account(order)
    due = due_of(order, account, whole_lines(read_items(order.id)))
    return _quote(order, account, due, {}, actor)


def find_sold_orders(text: str, *, actor: Actor) -> list[Order]:
    """Sales whose goods may come back, the newest first, within the actor's reach.

    Those with that number, else those whose number has ``text`` in it; without a text the last
    ones. A fixed number of statements.
    """
    words = text.strip()[:LONGEST_NUMBER]
    returnable = sa.select(OrderStatusTransition.from_status).where(
        OrderStatusTransition.to_status == RETURNED
    )
    reader = Reader.of(actor)
    statement = scoped(sa.select(Order), Order, reader).where(Order.status.in_(returnable))
    statement = statement.options(selectinload(Order.customer), *related_rows(reader, [Customer]))
    newest = statement.order_by(Order.created_at.desc(), Order.id.desc()).limit(MOST_FOUND)
    if not words or "\x00" in words:
        return list(session().scalars(newest))
    exact = list(session().scalars(statement.where(Order.order_number == words.upper())))
    pattern = f"%{escape_like(words)}%"
    return exact or list(session().scalars(newest.where(fits(Order.order_number, pattern))))


def _quote(
    order: Order, account: Account, due: Due, by_item: Mapping[int, Decimal], actor: Actor
) -> ReturnQuote:
    means = means_back(account, order.customer_id)
    return ReturnQuote(
        amount=due.amount,
        points=due.points,
        credit=due.credit,
        money=due.money,
        by_item=by_item,
        means=means,
        refunds=propose(account, due.money, means),
        limit=refund_limit(actor),
    )

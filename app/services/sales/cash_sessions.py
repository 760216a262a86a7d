"""Cash sessions as the operations of the till need them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import lock_row, session
from app.domain.money import ZERO
from app.services.sales.errors import (
    CashSessionClosedError,
    CashSessionNotFoundError,
    NotYourCashSessionError,
)
from models.sales import CashMovement, CashSession, Order, OrderPayment


@dataclass(frozen=True, slots=True)
class CashPosition:
    """What is in a till and how it came there, in soles.

    ``cash_sales`` is cash kept (tendered less change, less cash given back), so ``expected`` is
    what a count should find. ``sales`` counts the orders.
    """

    session_id: int
    starting_cash: Decimal
    cash_sales: Decimal
    paid_in: Decimal
    paid_out: Decimal
    sales: int

    @property
    def expected(self) -> Decimal:
        return self.starting_cash + self.cash_sales + self.paid_in - self.paid_out


def lock_open_session(session_id: int, *, actor: Actor, share: bool = False) -> CashSession:
    """The actor's own open session, locked until the transaction ends.

    Sales ``share`` it with each other; closing waits for them and keeps later ones out. Raises
    :class:`CashSessionNotFoundError`, :class:`NotYourCashSessionError` and
    :class:`CashSessionClosedError`.
    """
    return _lock_own(session_id, ("open",), actor=actor, share=share)


def lock_countable_session(session_id: int, *, actor: Actor) -> CashSession:
    """The actor's own session that is open, or shall be counted again; as
    :func:`lock_open_session`."""
    return _lock_own(session_id, ("open", "rejected"), actor=actor)


def find_cash_session(session_id: int, *, actor: Actor, lock: bool = False) -> CashSession:
    """The session, locked if asked for, within the row scope of the actor's roles.

    Raises :class:`CashSessionNotFoundError`, also for one out of the actor's reach.
    """
    statement = sa.select(CashSession).where(CashSession.id == session_id)
    statement = scoped(statement, CashSession, Reader.of(actor))
    found: CashSession | None = lock_row(statement) if lock else session().scalar(statement)
    if found is None:
        raise CashSessionNotFoundError(session_id)
    return found


def find_open_session(user_id: int) -> CashSession | None:
    """The user's open session, the latest where there is one per location."""
    return session().scalar(
        sa.select(CashSession)
        .where(CashSession.user_id == user_id, CashSession.status == "open")
        .order_by(CashSession.opened_at.desc(), CashSession.id.desc())
        .limit(1)
    )


def find_rejected_session(user_id: int) -> CashSession | None:
    """The user's session that is to be counted again, the oldest where there are several."""
    return session().scalar(
        sa.select(CashSession)
        .where(CashSession.user_id == user_id, CashSession.status == "rejected")
        .order_by(CashSession.opened_at, CashSession.id)
        .limit(1)
    )


def read_cash_position(cash_session: CashSession) -> CashPosition:
    """Add up the till from its payments and movements."""
    moved = dict(
        session()
        .execute(
            sa.select(CashMovement.type, sa.func.sum(CashMovement.amount))
            .where(CashMovement.session_id == cash_session.id)
            .group_by(CashMovement.type)
        )
        .all()
    )
    kept = session().scalar(
        sa.select(sa.func.sum(OrderPayment.amount)).where(
            OrderPayment.cash_session_id == cash_session.id,
            OrderPayment.method == "cash",
            OrderPayment.status == "completed",
        )
    )
    sales = session().scalar(
        sa.select(sa.func.count()).where(
            Order.cash_session_id == cash_session.id, Order.status != "draft"
        )
    )
    return CashPosition(
        session_id=cash_session.id,
        starting_cash=cash_session.starting_cash,
        cash_sales=kept or ZERO,
        paid_in=moved.get("in", ZERO),
        paid_out=moved.get("out", ZERO),
        sales=sales or 0,
    )


def _lock_own(
    session_id: int, states: tuple[str, ...], *, actor: Actor, share: bool = False
) -> CashSession:
    cash_session = lock_row(sa.select(CashSession).where(CashSession.id == session_id), share=share)
    if cash_session is None:
        raise CashSessionNotFoundError(session_id)
    if cash_session.user_id != actor.user_id:
        raise NotYourCashSessionError(session_id)
    if cash_session.status not in states:
        raise CashSessionClosedError(session_id)
    return cash_session


def closing_time(cash_session: CashSession, now: dt.datetime) -> dt.datetime:
    """``now``, but not before the opening: clocks of two machines may differ a little."""
    return max(now, cash_session.opened_at)

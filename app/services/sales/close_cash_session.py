"""A cashier counts the till and closes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.services.sales.amounts import require_cash
from app.services.sales.cash_sessions import (
    closing_time,
    lock_open_session,
    read_cash_position,
)
from app.services.sales.errors import CashSessionClosedError
from models.sales import CashSession


@dataclass(frozen=True, slots=True)
class CloseCashSession:
    """``counted`` is all the cash in the drawer, in soles, the float included."""

    session_id: int
    counted: Decimal
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class ClosedTill:
    """``discrepancy`` is counted less expected: negative when cash is missing."""

    expected: Decimal
    counted: Decimal
    discrepancy: Decimal


def close_cash_session(command: CloseCashSession, *, actor: Actor, now: dt.datetime) -> ClosedTill:
    """Close the actor's session with what was counted and what should be there.

    Waits for sales under way and keeps later ones out. Closing again with the same count gives the
    same answer; with another :class:`CashSessionClosedError`.
    """
    counted = require_cash(command.counted, "counted")
    with atomic():
        try:
            till = lock_open_session(command.session_id, actor=actor)
        except CashSessionClosedError:
            return _closed_before(command.session_id, counted)
        expected = read_cash_position(till).expected
        till.status = "closed"
        till.closed_at = closing_time(till, now)
        till.expected_cash = expected
        till.actual_cash = counted
        till.notes = (command.notes or "").strip() or None
    return ClosedTill(expected, counted, counted - expected)


def _closed_before(session_id: int, counted: Decimal) -> ClosedTill:
    till = session().scalars(sa.select(CashSession).where(CashSession.id == session_id)).one()
    if till.actual_cash != counted or till.expected_cash is None:
        raise CashSessionClosedError(session_id)
    return ClosedTill(till.expected_cash, counted, counted - till.expected_cash)

"""A cashier counts the till and closes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, session
from app.services.identity.approve_with_pin import Approval
from app.services.platform.read_setting import read_setting
from app.services.sales.amounts import require_cash
from app.services.sales.cash_sessions import (
    closing_time,
    lock_open_session,
    read_cash_position,
)
from app.services.sales.errors import CashDifferenceError, CashSessionClosedError
from models.sales import CashSession

APPROVE = "sales.cash:approve"
LIMIT = "approval_amount"


@dataclass(frozen=True, slots=True)
class CloseCashSession:
    """``counted`` is all the cash in the drawer, in soles, the float included. ``approval`` is a
    supervisor's, for a large difference."""

    session_id: int
    counted: Decimal
    notes: str | None = None
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class ClosedTill:
    """``discrepancy`` is counted less expected: negative when cash is missing."""

    expected: Decimal
    counted: Decimal
    discrepancy: Decimal


def close_cash_session(command: CloseCashSession, *, actor: Actor, now: dt.datetime) -> ClosedTill:
    """Close the actor's session with what was counted and what should be there.

    A difference above the setting ``sales.cash_tolerance`` needs somebody with the right
    ``sales.cash:approve`` and a limit that reaches so far, the actor or who approved by PIN: else
    :class:`CashDifferenceError`. Waits for sales under way and keeps later ones out. Closing again
    with the same count gives the same answer; with another :class:`CashSessionClosedError`.
    """
    counted = require_cash(command.counted, "counted")
    with atomic():
        try:
            till = lock_open_session(command.session_id, actor=actor)
        except CashSessionClosedError:
            return _closed_before(command.session_id, counted)
        expected = read_cash_position(till).expected
        approver = _approver(command, counted - expected, actor)
        till.status = "closed"
        till.closed_at = closing_time(till, now)
        till.expected_cash = expected
        till.actual_cash = counted
        till.notes = (command.notes or "").strip() or None
        till.approved_by = approver
        till.approved_at = till.closed_at if approver is not None else None
    return ClosedTill(expected, counted, counted - expected)


def _approver(command: CloseCashSession, difference: Decimal, actor: Actor) -> int | None:
    """Who answers for the difference; None for one that nobody has to."""
    tolerance = read_setting("sales.cash_tolerance")
    if abs(difference) <= tolerance:
        return None
    limit = actor.policy.limit(LIMIT)
    if actor.may(APPROVE) and (limit is None or abs(difference) <= limit):
        return actor.user_id
    if command.approval is not None and command.approval.covers(APPROVE, LIMIT, difference):
        return command.approval.approver_id
    raise CashDifferenceError(difference, tolerance)


def _closed_before(session_id: int, counted: Decimal) -> ClosedTill:
    till = session().scalars(sa.select(CashSession).where(CashSession.id == session_id)).one()
    if till.actual_cash != counted or till.expected_cash is None:
        raise CashSessionClosedError(session_id)
    return ClosedTill(till.expected_cash, counted, counted - till.expected_cash)

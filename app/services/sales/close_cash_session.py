"""A cashier counts the till and closes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from app.actor import Actor
from app.db import atomic
from app.services.identity.approve_with_pin import Approval
from app.services.platform.read_setting import read_setting
from app.services.sales.cash_sessions import (
    closing_time,
    find_cash_session,
    lock_countable_session,
    read_cash_position,
)
from app.services.sales.count_cash import CountedPieces, as_kept, require_count
from app.services.sales.errors import CashDifferenceError, CashSessionClosedError
from app.services.sales.finish_cash_session import finish_cash_session
from app.services.sales.tell_of_cash import tell_approvers, tell_of_difference
from models.sales import CashSession

APPROVE = "sales.cash:approve"
APPROVE_OWN = "sales.cash:approve_own"
LIMIT = "approval_amount"


@dataclass(frozen=True, slots=True)
class CloseCashSession:
    """``counted`` is all the cash in the drawer, in soles, the float included; where
    ``denominations`` are given they come to it. ``approval`` is a supervisor's, for a large
    difference; one that nobody has approved waits for a manager, or is refused where ``wait`` is
    false, so that the cashier may count again."""

    session_id: int
    counted: Decimal
    notes: str | None = None
    approval: Approval | None = None
    denominations: tuple[CountedPieces, ...] = ()
    wait: bool = True


@dataclass(frozen=True, slots=True)
class ClosedTill:
    """``discrepancy`` is counted less expected: negative when cash is missing. ``status`` is
    ``closed``, with the number of the Z report, or ``awaiting_approval``."""

    expected: Decimal
    counted: Decimal
    discrepancy: Decimal
    status: str
    z_report: str = ""


def close_cash_session(command: CloseCashSession, *, actor: Actor, now: dt.datetime) -> ClosedTill:
    """Close the actor's session with what was counted and what should be there.

    A difference above the setting ``sales.cash_tolerance`` needs somebody with the right
    ``sales.cash:approve`` and a limit that reaches so far, who is not the cashier unless they have
    ``sales.cash:approve_own`` too. Without, the session waits for that approval: nothing more is
    sold in it, and those who may give it are told. Else it is closed with its Z report. Waits for
    sales under way and keeps later ones out; locks the session, then the series of Z reports.
    Closing again with the same count gives the same answer.

    Raises what :func:`~app.services.sales.count_cash.require_count` does,
    :class:`CashDifferenceError` for a large difference that shall not wait, and
    :class:`CashSessionClosedError` when it was closed with another count.
    """
    counted = require_count(command.counted, command.denominations)
    with atomic():
        try:
            till = lock_countable_session(command.session_id, actor=actor)
        except CashSessionClosedError:
            return _closed_before(command.session_id, counted, actor)
        expected = read_cash_position(till).expected
        needed, approver = _approver(command, counted - expected, actor)
        till.closed_at = closing_time(till, now)
        till.expected_cash = expected
        till.actual_cash = counted
        till.counted_denominations = as_kept(command.denominations)
        till.notes = (command.notes or "").strip() or None
        till.approved_by = approver
        till.approved_at = till.closed_at if approver is not None else None
        till.decision_reason = None
        if needed and approver is None:
            till.status = "awaiting_approval"
            tell_approvers(till, counted - expected, actor=actor, now=now)
            return _answer(till, expected, counted)
        number = finish_cash_session(till, now=now)
        if counted != expected:
            tell_of_difference(till, counted - expected, actor=actor, now=now)
        return _answer(till, expected, counted, number)


def _answer(till: CashSession, expected: Decimal, counted: Decimal, number: str = "") -> ClosedTill:
    return ClosedTill(expected, counted, counted - expected, till.status, number)


def _approver(
    command: CloseCashSession, difference: Decimal, actor: Actor
) -> tuple[bool, int | None]:
    """Whether somebody must answer for the difference, and who does."""
    tolerance = read_setting("sales.cash_tolerance")
    if abs(difference) <= tolerance:
        return False, None
    limit = actor.policy.limit(LIMIT)
    own = actor.may(APPROVE) and actor.may(APPROVE_OWN)
    if own and (limit is None or abs(difference) <= limit):
        return True, actor.user_id
    approval = command.approval
    if (
        approval is not None
        and approval.covers(APPROVE, LIMIT, difference)
        and (own or approval.approver_id != actor.user_id)
    ):
        return True, approval.approver_id
    if not command.wait:
        raise CashDifferenceError(difference, tolerance)
    return True, None


def _closed_before(session_id: int, counted: Decimal, actor: Actor) -> ClosedTill:
    till = find_cash_session(session_id, actor=actor)
    if till.actual_cash != counted or till.expected_cash is None:
        raise CashSessionClosedError(session_id)
    report = till.z_report
    return _answer(till, till.expected_cash, counted, report.number if report else "")

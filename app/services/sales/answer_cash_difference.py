"""A manager approves the difference of a till, or has it counted again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.actor import Actor
from app.errors import ForbiddenError
from app.i18n import lazy_gettext as _
from app.services.platform.run_once import Answer, Claim, run_once
from app.services.sales.add_cash_movement import MissingReasonError
from app.services.sales.cash_errors import (
    AboveYourLimitError,
    NothingToDecideError,
    OwnDifferenceError,
)
from app.services.sales.cash_sessions import find_cash_session
from app.services.sales.close_cash_session import APPROVE, APPROVE_OWN, LIMIT
from app.services.sales.finish_cash_session import finish_cash_session
from app.services.sales.tell_of_cash import tell_cashier
from models.sales import CashSession

SCOPE = "sales.answer_cash_difference"
LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class AnswerCashDifference:
    """``approve`` or have it counted again, and why; ``key`` makes it safe to send twice."""

    key: str
    session_id: int
    approve: bool
    reason: str


def answer_cash_difference(
    command: AnswerCashDifference, *, actor: Actor, now: dt.datetime
) -> Answer:
    """Decide on a session that waits for approval, and tell its cashier.

    Approved, it is closed with its Z report; else its cashier shall count it again, and may record
    cash movements that were forgotten, but sell nothing. Gives ``status`` and ``z_report``, the
    number. Locks the claim, the session, the series of Z reports.

    Raises :class:`MissingReasonError`, :class:`NothingToDecideError`, :class:`OwnDifferenceError`
    for the actor's own session without the right ``sales.cash:approve_own``,
    :class:`AboveYourLimitError`, and
    :class:`~app.services.sales.errors.CashSessionNotFoundError`.
    """
    reason = command.reason.strip()[:LONGEST_REASON]
    if not reason:
        sentence = _("Say why.")
        raise MissingReasonError(sentence, fields={"reason": str(sentence)})
    if not actor.may(APPROVE):
        raise ForbiddenError(_("You don't have the right to do this."))

    def work() -> dict[str, Any]:
        till = find_cash_session(command.session_id, actor=actor, lock=True)
        if till.status != "awaiting_approval" or till.discrepancy is None:
            raise NothingToDecideError(till.id, till.status)
        difference = till.discrepancy
        _require_authority(till, actor, approves=command.approve)
        till.approved_by = actor.user_id
        till.approved_at = now
        till.decision_reason = reason
        till.status = "rejected"
        number = finish_cash_session(till, now=now) if command.approve else ""
        tell_cashier(till, difference, actor=actor, now=now)
        return {"status": till.status, "z_report": number}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _require_authority(till: CashSession, actor: Actor, *, approves: bool) -> None:
    if till.user_id == actor.user_id and not actor.may(APPROVE_OWN):
        raise OwnDifferenceError
    limit, difference = actor.policy.limit(LIMIT), till.discrepancy
    if approves and limit is not None and difference is not None and abs(difference) > limit:
        raise AboveYourLimitError(difference, limit)

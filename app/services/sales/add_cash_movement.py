"""Cash is put into a till or taken out of it, apart from sales."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from app.actor import Actor
from app.db import session
from app.errors import DomainError
from app.i18n import lazy_gettext as _
from app.services.platform.run_once import Answer, Claim, run_once
from app.services.sales.amounts import require_cash
from app.services.sales.cash_sessions import lock_countable_session, read_cash_position
from app.services.sales.errors import NotEnoughCashInTillError
from models.sales import CashMovement

SCOPE = "sales.cash_movement"


class MissingReasonError(DomainError):
    code = "missing_reason"


@dataclass(frozen=True, slots=True)
class AddCashMovement:
    """``amount`` in soles is more than zero; ``key`` makes it safe to send twice."""

    key: str
    session_id: int
    direction: Literal["in", "out"]
    amount: Decimal
    reason: str


def add_cash_movement(command: AddCashMovement, *, actor: Actor, now: dt.datetime) -> Answer:
    """Write the movement into the ledger of the actor's session, which it locks: an open one, or
    one that is to be counted again, where it may be what was forgotten.

    No more can be taken out than is in the till: :class:`NotEnoughCashInTillError`. A reason is
    required: :class:`MissingReasonError`.
    """
    amount = require_cash(command.amount, "amount", positive=True)
    reason = command.reason.strip()
    if not reason:
        sentence = _("Say what the cash is for.")
        raise MissingReasonError(sentence, fields={"reason": str(sentence)})

    def work() -> dict[str, Any]:
        till = lock_countable_session(command.session_id, actor=actor)
        if command.direction == "out":
            expected = read_cash_position(till).expected
            if amount > expected:
                raise NotEnoughCashInTillError(expected)
        movement = CashMovement(
            session_id=till.id,
            user_id=actor.user_id,
            type=command.direction,
            amount=amount,
            reason=reason,
            created_at=now,
        )
        session().add(movement)
        session().flush()  # the answer has the key that the database gives
        return {"movement_id": movement.id}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)

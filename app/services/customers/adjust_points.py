"""Points are corrected by hand: a courtesy, a mistake."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.access.limits import require_limit
from app.actor import Actor
from app.i18n import lazy_gettext as _
from app.services.customers.errors import InvalidPointsError
from app.services.customers.find_customer import find_customer
from app.services.customers.loyalty import PointsChange, post_points, worth_of
from app.services.platform.run_once import Answer, Claim, run_once

SCOPE = "customers.adjust_points"
LIMIT = "refund_amount"
MOST_POINTS = 1_000_000
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class AdjustPoints:
    """``points`` are added, or taken when negative; ``reason`` is kept with the ledger row.
    ``key`` makes it safe to send twice."""

    key: str
    customer_id: int
    points: int
    reason: str


def adjust_points(command: AdjustPoints, *, actor: Actor, now: dt.datetime) -> Answer:
    """Change the customer's points by hand; the result has the new ``balance``.

    What the points are worth must be within the actor's limit ``refund_amount``. Locks the claim,
    the customer (shared) and the loyalty account. Raises :class:`InvalidPointsError`,
    :class:`~app.access.limits.OverLimitError`,
    :class:`~app.services.customers.errors.CustomerNotFoundError` and
    :class:`~app.services.customers.errors.InsufficientPointsError`.
    """
    reason = _check(command)
    require_limit(actor, LIMIT, worth_of(command.points), field="points")

    def work() -> dict[str, Any]:
        customer = find_customer(command.customer_id, actor=actor, share=True)
        change = PointsChange("adjust", command.points, reason=reason)
        return {"balance": post_points(customer.id, change, now=now)}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _check(command: AdjustPoints) -> str:
    fields = {}
    if not 1 <= abs(command.points) <= MOST_POINTS:
        fields["points"] = str(_("Say by how many points, up to a million."))
    if not 1 <= len(reason := command.reason.strip()) <= LONGEST_REASON:
        fields["reason"] = str(_("This is required.") if not reason else _("This is too long."))
    if fields:
        raise InvalidPointsError(_("Say by how many points, and why."), fields=fields)
    return reason

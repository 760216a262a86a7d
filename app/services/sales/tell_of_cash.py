"""Those who answer for the tills are told of differences, and cashiers what became of theirs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from app.actor import Actor
from app.db import session
from app.services.identity.users_with_right import users_with_right
from app.services.messaging.notify import notify
from models.identity import User
from models.inventory import Location
from models.sales import CashSession

RIGHT = "sales.cash:approve"
"""Who holds it is told of differences."""


def tell_approvers(
    till: CashSession, difference: Decimal, *, actor: Actor, now: dt.datetime
) -> None:
    """The session waits for one of them."""
    people = [key for key in users_with_right(RIGHT) if key != till.user_id]
    _tell(people, "cash_approval", _facts(till, difference), till, actor=actor, now=now)


def tell_of_difference(
    till: CashSession, difference: Decimal, *, actor: Actor, now: dt.datetime
) -> None:
    """The session was closed with one that is tolerated, or was approved at once."""
    people = [key for key in users_with_right(RIGHT) if key != till.approved_by]
    _tell(people, "cash_difference", _facts(till, difference), till, actor=actor, now=now)


def tell_cashier(till: CashSession, difference: Decimal, *, actor: Actor, now: dt.datetime) -> None:
    """Their difference was approved, or they shall count again."""
    event = "cash_approved" if till.status == "closed" else "cash_rejected"
    facts = _facts(till, difference)
    facts |= {"who": actor.name, "reason": till.decision_reason or ""}
    _tell([till.user_id], event, facts, till, actor=actor, now=now)


def _tell(  # noqa: PLR0913 - as notify
    people: list[int],
    event: str,
    facts: dict[str, str],
    till: CashSession,
    *,
    actor: Actor,
    now: dt.datetime,
) -> None:
    notify(people, event, facts, link=f"/cash/{till.id}", actor=actor, now=now)


def _facts(till: CashSession, difference: Decimal) -> dict[str, str]:
    cashier = session().get_one(User, till.user_id)
    place = session().get_one(Location, till.location_id)
    sign = "-" if difference < 0 else ""
    return {
        "cashier": cashier.full_name,
        "location": place.name,
        "amount": f"{sign}S/ {abs(difference):,.2f}",
    }

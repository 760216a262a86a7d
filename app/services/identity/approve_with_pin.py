"""A supervisor approves at somebody else's till, with user name and PIN."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

import sqlalchemy as sa
from werkzeug.security import check_password_hash, generate_password_hash

from app.actor import Actor
from app.db import session
from app.domain.access_policy import AccessPolicy
from app.services.identity.attempts import (
    PIN,
    BeginAttempt,
    begin_attempt,
    clear_failures,
    settle_attempt,
)
from app.services.identity.authority import granted_roles, role_ids_of
from app.services.identity.pin_errors import ApproverMayNotError, NotApprovedError
from models.identity import User


@dataclass(frozen=True, slots=True)
class ApproveWithPin:
    """``username`` may be the e-mail address; ``right`` is what the approval needs, such as
    ``sales.cash:approve``, ``limit`` one of the limits of roles and ``amount`` what it is about."""

    username: str
    pin: str = field(repr=False)
    right: str
    limit: str | None = None
    amount: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved, what for, and how far their limit goes (None: without limit)."""

    approver_id: int
    approver: str
    right: str
    limit: str | None
    up_to: Decimal | None

    def covers(self, right: str, limit: str, amount: Decimal) -> bool:
        """Whether it was given for this right and limit, and reaches the amount (of any sign)."""
        asked = (self.right, self.limit) == (right, limit)
        return asked and (self.up_to is None or abs(amount) <= self.up_to)


def approve_with_pin(command: ApproveWithPin, *, actor: Actor, now: dt.datetime) -> Approval:
    """The approval of the person whose name and PIN these are.

    Every wrong PIN counts, in a transaction of its own, so call it before the operation's: inside
    one it raises RuntimeError. Too many in a row lock the PIN for a while, as they do a log-in
    (:func:`begin_attempt`), but apart from it. Raises
    :class:`NotApprovedError`, the same and after the same time whether the user, the PIN or its
    being locked is the reason, and :class:`ApproverMayNotError`. An administrator who acts as
    somebody else can't approve in that name either.
    """
    if session().info.get("atomic"):
        raise RuntimeError("Approve before the transaction: a wrong PIN must stay counted.")
    user = _find(command.username)
    attempt = begin_attempt(
        BeginAttempt(command.username, user.id if user else None, PIN, "wrong_pin"),
        actor=actor,
        now=now,
    )
    pin_hash = user.pin_hash if user is not None else None
    right_pin = check_password_hash(pin_hash or _nobodys_hash(), command.pin)
    approved = (
        user is not None
        and right_pin
        and bool(pin_hash)
        and user.active
        and not attempt.locked
        and not (actor.impersonator_id is not None and user.id == actor.user_id)
    )
    settle_attempt(attempt, succeeded=approved)
    if user is None or not approved:
        raise NotApprovedError
    clear_failures(user.id, pin=True)
    return _approval(user, command)


def _approval(user: User, command: ApproveWithPin) -> Approval:
    roles = tuple(granted_roles(role_ids_of(user.id)).values())
    up_to = AccessPolicy(roles).limit(command.limit) if command.limit else None
    entitled = any(command.right in role.rights for role in roles)
    if not entitled or (up_to is not None and abs(command.amount) > up_to):
        raise ApproverMayNotError(right=command.right, limit=None if up_to is None else str(up_to))
    return Approval(user.id, user.full_name, command.right, command.limit, up_to)


def _find(username: str) -> User | None:
    name = username.strip().lower()
    if not name or "\x00" in name:
        return None
    either = sa.or_(sa.func.lower(User.username) == name, sa.func.lower(User.email) == name)
    return session().scalars(sa.select(User).where(either).order_by(User.id).limit(1)).first()


@cache
def _nobodys_hash() -> str:
    """Compared with where there is no PIN, so that the answer takes as long."""
    return generate_password_hash("no PIN has letters")

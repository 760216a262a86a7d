"""A user sets the PIN that approves at the till, or takes it away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from werkzeug.security import generate_password_hash

from app.actor import Actor
from app.db import atomic
from app.domain.pins import is_trivial, is_well_formed
from app.services.identity.credentials import lock_own_account, prove_password
from app.services.identity.pin_errors import WeakPinError


@dataclass(frozen=True, slots=True)
class SetPin:
    """Four to eight digits; None takes the PIN away."""

    password: str = field(repr=False)
    pin: str | None = field(repr=False)


def set_pin(command: SetPin, *, actor: Actor, now: dt.datetime) -> None:
    """Store the scrypt hash of the PIN and forget failed attempts.

    Locks the user's row; raises :class:`WeakPinError` and :class:`WrongPasswordError`.
    """
    if command.pin is not None and not is_well_formed(command.pin):
        raise WeakPinError(well_formed=False)
    if command.pin is not None and is_trivial(command.pin):
        raise WeakPinError(well_formed=True)
    prove_password(command.password, actor=actor, now=now)
    with atomic():
        user = lock_own_account(actor)
        user.pin_hash = generate_password_hash(command.pin) if command.pin else None
        user.pin_failed_count = 0
        user.pin_locked_until = None

"""A user switches two-step sign-in off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from app.actor import Actor
from app.db import atomic
from app.services.identity.check_second_factor import prove_code
from app.services.identity.credentials import lock_own_account, own_account, prove_password
from app.services.identity.recovery_codes import delete_recovery_codes
from app.services.identity.second_factor_errors import SecondFactorRequiredError


@dataclass(frozen=True, slots=True)
class DisableSecondFactor:
    password: str = field(repr=False)
    code: str = field(repr=False)


def disable_second_factor(command: DisableSecondFactor, *, actor: Actor, now: dt.datetime) -> None:
    """Forget secret and recovery codes; password and code prove that it is really the user.

    Locks the user's row; raises :class:`SecondFactorRequiredError` where a role requires it,
    :class:`WrongPasswordError` and :class:`WrongCodeError`.
    """
    if actor.policy.require_second_factor:
        raise SecondFactorRequiredError
    prove_password(command.password, actor=actor, now=now)
    prove_code(own_account(actor), command.code, actor=actor, now=now)
    with atomic():
        user = lock_own_account(actor)
        user.totp_secret = None
        user.totp_enabled_at = None
        user.totp_last_step = None
        delete_recovery_codes(user.id)

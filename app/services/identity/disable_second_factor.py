"""A user switches two-step sign-in off."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from app.actor import Actor
from app.db import atomic
from app.services.identity.check_second_factor import CheckSecondFactor, check_second_factor
from app.services.identity.credentials import lock_own_account, require_password
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
    with atomic():
        user = lock_own_account(actor)
        if actor.policy.require_second_factor:
            raise SecondFactorRequiredError
        require_password(user, command.password)
        check_second_factor(CheckSecondFactor(user.id, command.code), now=now)
        user.totp_secret = None
        user.totp_enabled_at = None
        user.totp_last_step = None
        delete_recovery_codes(user.id)

"""A first code proves that the authenticator app works; from now on one is asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from app.actor import Actor
from app.db import atomic
from app.domain.one_time_codes import matching_step
from app.encryption import decrypt
from app.services.identity.credentials import lock_own_account
from app.services.identity.recovery_codes import replace_recovery_codes
from app.services.identity.second_factor_errors import (
    SecondFactorOffError,
    SecondFactorOnError,
    WrongCodeError,
)


@dataclass(frozen=True, slots=True)
class EnableSecondFactor:
    code: str = field(repr=False)


def enable_second_factor(
    command: EnableSecondFactor, *, actor: Actor, now: dt.datetime
) -> list[str]:
    """Switch two-step sign-in on; gives the recovery codes, which nobody can read again.

    Locks the user's row; raises :class:`SecondFactorOnError`, :class:`SecondFactorOffError` where
    nothing was begun, and :class:`WrongCodeError`.
    """
    with atomic():
        user = lock_own_account(actor)
        if user.totp_enabled_at is not None:
            raise SecondFactorOnError
        if user.totp_secret is None:
            raise SecondFactorOffError
        step = matching_step(decrypt(user.totp_secret), command.code, now)
        if step is None:
            raise WrongCodeError
        user.totp_enabled_at = now
        user.totp_last_step = step
        return replace_recovery_codes(user.id)

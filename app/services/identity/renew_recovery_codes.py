"""A user gets new recovery codes; the old ones stop working."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from app.actor import Actor
from app.db import atomic
from app.services.identity.check_second_factor import prove_code
from app.services.identity.credentials import lock_own_account, own_account
from app.services.identity.recovery_codes import replace_recovery_codes


@dataclass(frozen=True, slots=True)
class RenewRecoveryCodes:
    """``code`` is one of the authenticator app, or one of the codes that are replaced."""

    code: str = field(repr=False)


def renew_recovery_codes(
    command: RenewRecoveryCodes, *, actor: Actor, now: dt.datetime
) -> list[str]:
    """Ten new codes, shown this once. Locks the user's row; raises :class:`WrongCodeError`."""
    prove_code(own_account(actor), command.code, actor=actor, now=now)
    with atomic():
        user = lock_own_account(actor)
        return replace_recovery_codes(user.id)

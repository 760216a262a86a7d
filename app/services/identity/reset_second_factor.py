"""An administrator helps a user who lost the phone and the recovery codes."""

from __future__ import annotations

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row
from app.errors import ForbiddenError, NotFoundError
from app.i18n import lazy_gettext as _
from app.services.identity.authority import require_authority_over
from app.services.identity.recovery_codes import delete_recovery_codes
from app.services.identity.second_factor_errors import ActingAsAnotherError, SecondFactorOffError
from models.identity import User

RIGHT = "identity.users:update"


def reset_second_factor(user_id: int, *, actor: Actor) -> None:
    """Forget the user's secret and recovery codes, without ever seeing them.

    Where a role requires a second factor the user sets up a new one at the next log-in. Locks the
    user's row; raises :class:`ForbiddenError` (one's own goes with password and code only),
    :class:`AboveYouError`, :class:`NotFoundError` and :class:`SecondFactorOffError`. The audit
    log has who did it.
    """
    if not actor.may(RIGHT) or user_id == actor.user_id:
        raise ForbiddenError(_("You don't have the right to do this."))
    if actor.impersonator_id is not None:
        raise ActingAsAnotherError
    with atomic():
        user = lock_row(sa.select(User).where(User.id == user_id))
        if user is None:
            raise NotFoundError(_("There is no such user."))
        require_authority_over(user_id, actor=actor)
        if user.totp_secret is None:
            raise SecondFactorOffError
        user.totp_secret = None
        user.totp_enabled_at = None
        user.totp_last_step = None
        delete_recovery_codes(user.id)

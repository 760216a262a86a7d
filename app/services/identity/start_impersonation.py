"""An administrator acts as a user, to see what they see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.actor import Actor
from app.db import atomic
from app.errors import ForbiddenError
from app.i18n import lazy_gettext as _
from app.services.identity.authority import require_authority_over
from app.services.identity.impersonation import (
    AlreadyActingError,
    ReasonNeededError,
    UnknownUserError,
    audit,
)
from models.identity import User

RIGHT = "identity.users:impersonate"
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class StartImpersonation:
    user_id: int
    reason: str


def start_impersonation(command: StartImpersonation, *, actor: Actor, now: dt.datetime) -> None:
    """Check that the actor may act as the user, and write it in the audit log with the reason.

    The caller opens the session in the same transaction. Raises :class:`ForbiddenError`,
    :class:`AlreadyActingError`, :class:`UnknownUserError`, :class:`AboveYouError` and
    :class:`ReasonNeededError`.
    """
    if actor.impersonator_id is not None:
        raise AlreadyActingError
    if not actor.user_id or not actor.may(RIGHT) or command.user_id == actor.user_id:
        raise ForbiddenError(_("You don't have the right to do this."))
    reason = command.reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise ReasonNeededError(LONGEST_REASON)
    with atomic() as session:
        user = session.get(User, command.user_id)
        admin = session.get_one(User, actor.user_id)
        if user is None or not user.active:
            raise UnknownUserError
        require_authority_over(user.id, actor=actor)
        row = audit("impersonate", user=user, admin=admin, actor=actor, now=now)
        row.new_values = {**(row.new_values or {}), "reason": reason}

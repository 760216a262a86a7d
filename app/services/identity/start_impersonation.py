"""An administrator acts as a user, to see what they see."""

from __future__ import annotations

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
    record,
)
from models.identity import User

RIGHT = "identity.users:impersonate"
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class StartImpersonation:
    user_id: int
    reason: str


def start_impersonation(command: StartImpersonation, *, actor: Actor) -> None:
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
        record("impersonate", user=user, admin=admin, actor=actor, reason=reason)

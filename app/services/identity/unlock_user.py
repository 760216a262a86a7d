"""An administrator ends a lock-out."""

from __future__ import annotations

import datetime as dt

from app.actor import Actor
from app.db import atomic, session
from app.errors import NotFoundError
from app.i18n import gettext as _
from app.services.identity.attempts import clear_failures
from app.services.identity.authority import require_authority_over
from models.identity import User


def unlock_user(user_id: int, *, actor: Actor) -> None:
    """The user may try again at once, with password and with PIN; failures are forgotten.

    Raises NotFoundError, and AboveYouError for a user who may do more than the actor.
    """
    with atomic():
        if session().get(User, user_id) is None:
            raise NotFoundError(_("There is no such user."))
        require_authority_over(user_id, actor=actor)
        clear_failures(user_id)
        clear_failures(user_id, pin=True)


def is_locked(user: User, now: dt.datetime) -> bool:
    """Whether password or PIN of the user are refused at that time."""
    locks = (user.locked_until, user.pin_locked_until)
    return any(until is not None and until > now for until in locks)

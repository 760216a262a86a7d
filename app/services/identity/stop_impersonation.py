"""An administrator stops acting as a user."""

from __future__ import annotations

from app.actor import Actor
from app.db import atomic
from app.services.identity.impersonation import NotActingError, record
from models.identity import User


def stop_impersonation(*, actor: Actor) -> int | None:
    """Write it in the audit log; gives the administrator's id, None if that account is off now.

    Raises :class:`NotActingError`.
    """
    if actor.impersonator_id is None or actor.user_id is None:
        raise NotActingError
    with atomic() as session:
        user = session.get_one(User, actor.user_id)
        admin = session.get(User, actor.impersonator_id)
        if admin is None:
            return None
        record("stop_impersonating", user=user, admin=admin, actor=actor)
        return admin.id if admin.active else None

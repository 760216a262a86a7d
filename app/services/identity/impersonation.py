"""What starting and stopping to act as somebody else have in common."""

from __future__ import annotations

import datetime as dt

from app.actor import Actor
from app.db import session
from app.errors import ConflictError, DomainError, NotFoundError
from app.i18n import lazy_gettext as _
from models.identity import User
from models.platform import AuditLog


class ReasonNeededError(DomainError):
    code = "reason_needed"

    def __init__(self, longest: int) -> None:
        sentence = _("Say why, in at most %(longest)s characters.", longest=longest)
        super().__init__(sentence, fields={"reason": str(sentence)})


class AlreadyActingError(ConflictError):
    code = "already_acting"

    def __init__(self) -> None:
        super().__init__(_("Stop acting as this user before you act as another one."))


class NotActingError(ConflictError):
    code = "not_acting"

    def __init__(self) -> None:
        super().__init__(_("You are not acting as somebody else."))


class UnknownUserError(NotFoundError):
    """No such user, or one who can't sign in."""

    code = "unknown_user"

    def __init__(self) -> None:
        super().__init__(_("There is no such user, or the account is switched off."))


def audit(action: str, *, user: User, admin: User, actor: Actor, now: dt.datetime) -> AuditLog:
    """Add the row of the audit log that names both: the administrator did it, to the user."""
    row = AuditLog(
        created_at=now,
        table_name="identity.users",
        record_id=str(user.id),
        action=action,
        operation_type=actor.source,
        new_values={"user": user.full_name, "impersonator": admin.full_name},
        user_id=admin.id,
        user_email=admin.email,
        ip_address=actor.ip,
        user_agent=actor.user_agent,
        session_id=actor.session_id,
        request_id=actor.request_id,
    )
    session().add(row)
    return row

"""What starting and stopping to act as somebody else have in common."""

from __future__ import annotations

from app.actor import Actor
from app.errors import ConflictError, DomainError, NotFoundError
from app.i18n import lazy_gettext as _
from app.services.platform.record_action import RecordedAction, record_action
from models.identity import User


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


def record(action: str, *, user: User, admin: User, actor: Actor, **details: str) -> None:
    """Write the entry of the audit log that names both; call it inside the transaction."""
    told = {"user": user.full_name, "impersonator": admin.full_name, **details}
    record_action(RecordedAction(action, "identity.users", str(user.id), told), actor=actor)

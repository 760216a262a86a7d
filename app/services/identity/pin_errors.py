"""Why a PIN was refused."""

from __future__ import annotations

from app.errors import DomainError, ForbiddenError
from app.i18n import lazy_gettext as _


class WeakPinError(DomainError):
    code = "weak_pin"

    def __init__(self, *, well_formed: bool) -> None:
        sentence = (
            _("This PIN is too easy to guess: no repeats, runs, mirrors or years.")
            if well_formed
            else _("A PIN is four to eight digits.")
        )
        super().__init__(sentence, fields={"pin": str(sentence)})


class NotApprovedError(ForbiddenError):
    """No such user, no PIN, a wrong or locked one: the answer doesn't tell which."""

    code = "not_approved"

    def __init__(self) -> None:
        sentence = _("That name and PIN don't go together, or the PIN is locked for a while.")
        super().__init__(sentence, fields={"pin": str(sentence)})


class ApproverMayNotError(ForbiddenError):
    """The PIN was right, but its owner has no such right or not up to this amount."""

    code = "approver_may_not"

    def __init__(self, *, right: str, limit: str | None = None) -> None:
        super().__init__(
            _("This person may not approve it, or not up to this amount."),
            right=right,
            limit=limit,
        )

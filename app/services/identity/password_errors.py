"""Reasons why a password isn't taken."""

from __future__ import annotations

from app.errors import DomainError
from app.i18n import gettext as _


class WeakPasswordError(DomainError):
    """``fields["password"]`` is the sentence to show beside the field."""

    code = "weak_password"

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence, fields={"password": sentence}, reason=reason)


class NotYourPasswordError(DomainError):
    code = "not_your_password"

    def __init__(self) -> None:
        sentence = _("This is not your current password.")
        super().__init__(sentence, fields={"current": sentence})


class DeadLinkError(DomainError):
    """A link that was used, replaced by a newer one, made up, or too old."""

    code = "dead_link"
    status = 410

    def __init__(self) -> None:
        super().__init__(_("This link doesn't work any more. Ask for a new one."))

"""Why something about a second factor was refused."""

from __future__ import annotations

from app.errors import ConflictError, DomainError, ForbiddenError
from app.i18n import lazy_gettext as _


class WrongCodeError(DomainError):
    """The code is wrong, too old, or was used before; which of them is nobody's business."""

    code = "wrong_code"

    def __init__(self) -> None:
        sentence = _("This code is wrong or was already used; wait for the next one.")
        super().__init__(sentence, fields={"code": str(sentence)})


class WrongPasswordError(DomainError):
    code = "wrong_password"

    def __init__(self) -> None:
        sentence = _("This is not your current password.")
        super().__init__(sentence, fields={"password": str(sentence)})


class SecondFactorOnError(ConflictError):
    code = "second_factor_on"

    def __init__(self) -> None:
        super().__init__(_("Two-step sign-in is already on."))


class SecondFactorOffError(ConflictError):
    code = "second_factor_off"

    def __init__(self) -> None:
        super().__init__(_("Two-step sign-in is off."))


class SecondFactorRequiredError(ForbiddenError):
    code = "second_factor_required"

    def __init__(self) -> None:
        super().__init__(_("Your role requires two-step sign-in; it can't be switched off."))


class ActingAsAnotherError(ForbiddenError):
    """An administrator who acts as somebody else leaves that person's credentials alone."""

    code = "acting_as_another"

    def __init__(self) -> None:
        super().__init__(
            _("This can't be done while you act as somebody else: it belongs to that person.")
        )

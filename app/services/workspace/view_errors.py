"""Reasons why a saved view isn't kept or changed."""

from __future__ import annotations

from app.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from app.i18n import lazy_gettext as _


class ViewNotFoundError(NotFoundError):
    """There is no such view, or it is somebody else's."""

    code = "unknown_view"

    def __init__(self) -> None:
        super().__init__(_("There is no such view any more."))


class ViewNameError(DomainError):
    code = "bad_view_name"

    def __init__(self) -> None:
        super().__init__(_("A view needs a name of at most 100 characters."))


class ViewNameTakenError(ConflictError):
    code = "view_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(_("You already have a view called “%(name)s” here.", name=name), name=name)


class ViewTooLargeError(DomainError):
    """Its filters are too long, or there are too many views."""

    code = "view_too_large"

    def __init__(self) -> None:
        super().__init__(_("This is too much for a view."))


class MayNotShareError(ForbiddenError):
    code = "may_not_share"

    def __init__(self) -> None:
        super().__init__(_("You may not change what others see here."))

"""Why work was refused, or stopped."""

from __future__ import annotations

from app.errors import ConflictError, NotFoundError
from app.i18n import lazy_gettext as _


class WorkNotFoundError(NotFoundError):
    code = "work_not_found"

    def __init__(self) -> None:
        super().__init__(_("There is no such work, or it is somebody else's."))


class WorkIsOverError(ConflictError):
    """It can't be cancelled any more, or retried while it is under way."""

    code = "work_is_over"


class TooMuchWorkError(ConflictError):
    """So many pieces of one person's work wait already."""

    code = "too_much_work"


class WorkCancelled(Exception):  # noqa: N818 - an outcome, raised through the work's own code
    """The person asked to stop; what isn't committed is rolled back."""


class WorkLost(Exception):  # noqa: N818 - an outcome, raised through the work's own code
    """Another worker has taken the work up: this one was taken for dead, and must write nothing."""

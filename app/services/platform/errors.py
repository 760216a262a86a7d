"""Why an operation was refused before it began."""

from __future__ import annotations

from typing import Any

from app.errors import ConflictError
from app.i18n import lazy_gettext as _


class IdempotencyConflictError(ConflictError):
    """The key was used for another request; ``data["result"]`` is what that one gave."""

    code = "idempotency_conflict"

    def __init__(self, result: dict[str, Any] | None) -> None:
        super().__init__(
            _("This was already done with other details; look at the result before you go on."),
            result=result,
        )

"""Why a bulk change isn't done at all."""

from __future__ import annotations

from app.errors import ConflictError, DomainError


class SelectionError(DomainError):
    """The rows to change can't be told."""

    code = "bad_selection"


class SelectionChangedError(ConflictError):
    """Other rows match now than when the person confirmed; ``data``: ``expected``, ``found``."""

    code = "selection_changed"

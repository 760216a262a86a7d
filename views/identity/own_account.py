"""What nobody does to their own account."""

from __future__ import annotations

from app.errors import DomainError


class OwnAccountError(DomainError):
    code = "own_account"

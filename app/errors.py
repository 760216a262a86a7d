"""Reasons for saying no: one small class per reason, with a code, a sentence and data.

Services raise them; ``app.http_errors`` is their one mapping to HTTP. The sentence is translated
when it is shown.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """A business rule says no; nothing was written.

    ``code`` is stable for programs, ``message`` is one sentence for people in the language of the
    request, ``data`` holds the facts (JSON values) and ``fields`` the messages beside form fields.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(
        self, message: object, *, fields: dict[str, str] | None = None, **data: Any
    ) -> None:
        super().__init__(message)
        self.data = data
        self.fields = fields or {}

    @property
    def message(self) -> str:
        return str(self.args[0])


class NotFoundError(DomainError):
    code = "not_found"
    status = 404


class ForbiddenError(DomainError):
    """The person may not do this at all, or not with this amount or row."""

    code = "forbidden"
    status = 403


class ConflictError(DomainError):
    """Somebody or something changed what the request was based on."""

    code = "conflict"
    status = 409

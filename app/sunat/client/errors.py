"""Why SUNAT's service gave no answer to a document."""

from __future__ import annotations

from typing import Final

TRANSIENT: Final = frozenset(
    {"0100", "0109", "0110", "0112", "0113", "0114", "0115", "0130", "0131", "0132", "0133"}
    | {"0134", "0135", "0136", "0137", "0138", "0139", "0200", "0201", "0202", "0203", "0204"}
    | {"0250", "0251", "0252", "0253"}
)
"""Codes of a service that is down or busy: the same document may go later."""


class GatewayError(Exception):
    """``permanent`` errors come again with the same file; others may pass."""

    permanent = False

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class UnreachableError(GatewayError):
    """No answer in time: SUNAT may have taken the document all the same.

    Ask :meth:`Gateway.status_of_document` before sending it again.
    """

    def __init__(self, message: str) -> None:
        super().__init__("unreachable", message)


class FaultError(GatewayError):
    """SUNAT's service refused the call; ``code`` is its four digits (0100 to 1999)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.permanent = code not in TRANSIENT

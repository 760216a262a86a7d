"""What is wrong with a document, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """``code`` is SUNAT's; ``path`` leads to the element of the XML, ``field`` to that of the data.

    ``is_error`` is false for what SUNAT would only remark upon (codes from 4000), except sums:
    those must be right to the cent.
    """

    code: str
    field: str
    path: str
    es: str
    en: str
    is_error: bool

    def text(self, language: Literal["es", "en"] = "es") -> str:
        """One sentence that says what to fix."""
        return self.es if language == "es" else self.en


class InvalidDocumentError(ValueError):
    """The document may not be sent; ``findings`` has all that is wrong with it."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{one.code} {one.field}: {one.en}" for one in findings))
        self.findings = findings

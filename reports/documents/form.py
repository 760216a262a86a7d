"""What a printed form shows, already read and decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from app.domain.money import ZERO
from app.sunat.documents import Sale


@dataclass(frozen=True, slots=True)
class Look:
    """How the business shows itself: ``colour`` of lines, ``logo`` as PNG or JPEG, ``contact`` and
    ``footer`` in its own words."""

    colour: str = "#3b4cca"
    logo: bytes = b""
    contact: tuple[str, ...] = ()
    footer: str = ""


@dataclass(frozen=True, slots=True)
class TillNote:
    """What the till adds: where and by whom it was sold, and how it was paid.

    ``payments`` are (means, amount) in Spanish; ``to_pay`` is the total after ``cash_rounding``.
    ``kind`` says what ``number`` is of.
    """

    number: str
    place: str
    cashier: str
    to_pay: Decimal
    cash_rounding: Decimal = ZERO
    payments: tuple[tuple[str, Decimal], ...] = ()
    tendered: Decimal = ZERO
    change: Decimal = ZERO
    kind: str = "Venta"


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """``digest`` is the hash of the document. ``stamp`` is printed across (ANULADO); ``copy``
    counts the copies, 0 is the original."""

    document: Sale
    digest: str
    stamp: str = ""
    look: Look = field(default_factory=Look)
    till: TillNote | None = None
    copy: int = 0

    @property
    def mark(self) -> str:
        """What tells a copy from the original."""
        return f"COPIA {self.copy}" if self.copy else ""

"""What a pick list shows, already read and decided."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PickLine:
    """``code`` is the barcode, "" where there is none."""

    sku: str
    name: str
    code: str
    pieces: int


@dataclass(frozen=True, slots=True)
class PickSheet:
    """``facts`` are (label, value) above the table; ``headings`` are of the box to tick, pieces,
    product and code; ``total`` and ``printed`` stand below."""

    title: str
    number: str
    facts: tuple[tuple[str, str], ...]
    headings: tuple[str, str, str, str]
    lines: tuple[PickLine, ...]
    total: str
    printed: str

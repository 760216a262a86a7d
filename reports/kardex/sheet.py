"""What a kardex on paper shows, already read and decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """``facts`` are (label, value) above the table. ``groups`` are (heading, columns it spans) of
    the upper row of headings. ``rows`` and ``totals`` are texts as wide as ``headings``; columns
    from ``numbers`` on are numbers."""

    title: str
    facts: Sequence[tuple[str, str]]
    groups: Sequence[tuple[str, int]]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    totals: Sequence[str]
    numbers: int

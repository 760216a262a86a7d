"""Amounts and times on the screens of the till."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.locale import show_datetime, show_decimal


def money(amount: Decimal | None, symbol: str = "S/") -> str:
    """``S/ 1,234.50`` in the reader's format; a dash for none."""
    if amount is None:
        return "–"
    return f"{'-' if amount < 0 else ''}{symbol} {show_decimal(abs(amount), 2)}"


FORMATS: Mapping[str, Callable[..., Any]] = {"money": money, "moment": show_datetime}
"""For templates: ``money(amount)`` and ``moment(when)``."""

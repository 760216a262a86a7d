"""Values as exact texts that no spreadsheet takes for a formula."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """A text that is no formula to a spreadsheet."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def as_text(value: Any) -> str:
    """A value exactly; nothing is an empty text."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "; ".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)

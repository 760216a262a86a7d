"""Currencies that amounts may be in."""

from __future__ import annotations

from models.base import choices

DEFAULT_CURRENCY = "PEN"
CURRENCIES = choices(PEN="Soles", USD="US dollars", EUR="Euros")

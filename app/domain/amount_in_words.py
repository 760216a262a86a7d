"""Amounts written out, as documents in Peru have them: *diez con 30/100 soles*."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from num2words import num2words

from app.domain.money import to_cents

NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "es": {"PEN": "soles", "USD": "dólares americanos", "EUR": "euros"},
    "en": {"PEN": "soles", "USD": "US dollars", "EUR": "euros"},
}
AND: Final = {"es": "con", "en": "and"}


def amount_in_words(amount: Decimal, currency: str, language: str) -> str:
    """The amount, zero or more, in Spanish (``es``) or English (``en``), in small letters."""
    cents = int(to_cents(amount) * 100)
    words = num2words(cents // 100, lang=language)
    name = NAMES[language].get(currency, currency)
    return f"{words} {AND[language]} {cents % 100:02d}/100 {name}"

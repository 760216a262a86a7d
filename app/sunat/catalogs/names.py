"""Names of the codes of SUNAT's catalogues, in Spanish and English, from ``names.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

Names = Mapping[str, Mapping[str, tuple[str, str]]]
Language = Literal["es", "en"]


@cache
def _names() -> Names:
    text = (Path(__file__).parent / "names.json").read_text(encoding="utf-8")
    return {
        number: {code: (spanish, english) for code, (spanish, english) in codes.items()}
        for number, codes in json.loads(text).items()
    }


def codes(catalog: str) -> tuple[str, ...]:
    """The codes of a catalogue (``"07"``), in its order; KeyError for a catalogue not used here."""
    return tuple(_names()[catalog])


def name(catalog: str, code: str, language: Language = "es") -> str:
    """What the code stands for; KeyError when the catalogue lacks it."""
    return _names()[catalog][code][0 if language == "es" else 1]


def is_listed(catalog: str, code: str) -> bool:
    """Whether the catalogue has the code."""
    return code in _names()[catalog]

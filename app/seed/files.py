"""Reading the data files."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
LANGUAGES = ("es", "en")
Row = dict[str, Any]


@cache
def read(name: str) -> dict[str, Any]:
    """The content of ``data/<name>.json``; read once, so don't change it."""
    content: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return content


def in_language(row: Row, language: str) -> Row:
    """The row with every text in that language."""
    return {name: _pick(value, language) for name, value in row.items()}


def _pick(value: Any, language: str) -> Any:
    if not isinstance(value, dict) or set(value) != set(LANGUAGES):
        return value
    text = value[language]
    return "\n".join(text) if isinstance(text, list) else text

"""What a series of documents may be called: SUNAT tells the kind by the first letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FORMATS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "01": re.compile(r"F[A-Z0-9]{3}"),
        "03": re.compile(r"B[A-Z0-9]{3}"),
        "07": re.compile(r"[FB][A-Z0-9]{3}"),
        "08": re.compile(r"[FB][A-Z0-9]{3}"),
        "NV": re.compile(r"N[A-Z0-9]{3}"),
    }
)
"""By kind of document (catalogue 01; NV for internal notes). Notes begin as what they correct."""
EXAMPLES: Final[Mapping[str, str]] = MappingProxyType(
    {"01": "F001", "03": "B001", "07": "FC01, BC01", "08": "FD01, BD01", "NV": "N001"}
)


def is_series(kind: str, series: str) -> bool:
    """Whether documents of ``kind`` may be numbered in ``series``."""
    return kind in FORMATS and FORMATS[kind].fullmatch(series) is not None

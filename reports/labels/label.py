"""What stands on a label."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Label:
    """``code`` is what the bars say; ``price`` includes IGV, in soles."""

    name: str
    sku: str
    code: str
    price: Decimal

"""The hand-made screens of stock, before its tables in the menu."""

from __future__ import annotations

from typing import Any


def register_inventory_screens(appbuilder: Any) -> None:
    """Register them."""

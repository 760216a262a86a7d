"""The name of a kept file, as whoever looks may see it."""

from __future__ import annotations

from typing import Any

from app.admin.access import may_see
from app.admin.describe import Field, describe


def own_name(row: Any, field: Field) -> str:
    """The name that the file was sent under; empty where there is none or it is kept from them."""
    column = field.upload_facts.get("name")
    if not column or not may_see(describe(type(row)).fields[column]):
        return ""
    return str(getattr(row, column) or "")

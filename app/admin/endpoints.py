"""Addresses of the generated screens of a table."""

from __future__ import annotations

from typing import Any

from flask import url_for

from models.base import Base


def endpoint_of(model: type[Base]) -> str:
    return f"{model.__name__}View"


def url_of(model: type[Base], action: str, **values: Any) -> str:
    """URL of a generated screen: ``url_of(Order, "show", pk=5)``."""
    return url_for(f"{endpoint_of(model)}.{action}", **values)

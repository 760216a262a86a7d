"""Locations as the screens of stock offer them."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import session
from models.inventory import Location


def stock_locations() -> list[Location]:
    """Where stock is kept: all in use, but for those of goods on their way."""
    return list(
        session().scalars(
            sa.select(Location)
            .where(Location.is_active, Location.type != "transit")
            .order_by(Location.name, Location.id)
        )
    )


def options(places: list[Location]) -> list[tuple[int, str]]:
    """(value, label) of a select."""
    return [(place.id, place.name) for place in places]

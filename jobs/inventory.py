"""Upkeep of stock."""

from __future__ import annotations

import datetime as dt


def expire_reservations() -> int:
    """Free what reservations hold whose time is over; tells how many pieces."""
    from app.services.inventory.expire_reservations import expire_reservations as expire

    return expire(now=dt.datetime.now(dt.UTC))

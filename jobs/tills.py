"""Upkeep of tills."""

from __future__ import annotations

import datetime as dt


def purge_parked_sales() -> int:
    """Throw away the parked sales whose time is over; tells how many."""
    from app.services.sales.parked_sales import purge_parked_sales as purge

    return purge(now=dt.datetime.now(dt.UTC))

"""Upkeep of what customers hold with us."""

from __future__ import annotations

import datetime as dt


def expire_points() -> int:
    """Take the points that nobody used in time; tells how many."""
    from app.services.customers.expire_points import expire_points as expire

    return expire(now=dt.datetime.now(dt.UTC))

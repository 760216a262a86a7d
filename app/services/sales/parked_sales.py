"""The carts that are parked at a location."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import atomic, session
from models.identity import User
from models.sales import ParkedSale

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Parked:
    """Who put it aside, when, and what it came to then."""

    id: int
    name: str
    who: str
    parked_at: dt.datetime
    pieces: int
    total: Decimal


def parked_sales(location_id: int, *, actor: Actor, now: dt.datetime) -> Sequence[Parked]:
    """Those at the location that the actor may take up, the newest first; one statement."""
    statement = (
        sa.select(ParkedSale, User)
        .outerjoin(User, User.id == ParkedSale.user_id)
        .where(ParkedSale.location_id == location_id, ParkedSale.expires_at > now)
        .order_by(ParkedSale.id.desc())
        .limit(SHOWN)
    )
    rows = session().execute(scoped(statement, ParkedSale, Reader.of(actor)))
    return [
        Parked(
            row.id, row.name, user.full_name if user else "", row.created_at, row.pieces, row.total
        )
        for row, user in rows
    ]


def purge_parked_sales(*, now: dt.datetime) -> int:
    """Throw away those whose time is over; gives how many."""
    with atomic() as current:
        gone = current.scalars(
            sa.delete(ParkedSale).where(ParkedSale.expires_at <= now).returning(ParkedSale.id)
        )
        return len(gone.all())

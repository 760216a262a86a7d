"""Those who look after stock are told that it runs low."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.services.identity.users_with_right import users_with_right
from app.services.inventory.variant_names import read_names
from app.services.messaging.notify import Happening, notify_of_each
from models.inventory import Location

EVENT = "stock_low"
RIGHT = "inventory.inventory_alerts:update"
"""Who holds it is told."""


@dataclass(frozen=True, slots=True)
class LowStock:
    """An alert that has just been raised: fewer pieces are available than its threshold."""

    alert_id: int
    variant_id: int
    location_id: int
    available: int
    threshold: int


def tell_low_stock(found: Sequence[LowStock], *, actor: Actor, now: dt.datetime) -> None:
    """One notification for each alert and person, in the transaction that raised them.

    A fixed number of statements, however many alerts there are.
    """
    names = read_names({low.variant_id for low in found})
    places = dict(
        session()
        .execute(
            sa.select(Location.id, Location.name).where(
                Location.id.in_({low.location_id for low in found})
            )
        )
        .all()
    )
    happenings = [
        Happening(
            {
                "sku": names[low.variant_id].sku,
                "product": names[low.variant_id].name,
                "location": places[low.location_id],
                "available": low.available,
                "threshold": low.threshold,
            },
            link=f"/inventory/inventory_alerts/show/{low.alert_id}",
        )
        for low in found
    ]
    notify_of_each(users_with_right(RIGHT), EVENT, happenings, actor=actor, now=now, to_actor=True)

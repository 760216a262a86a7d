"""Stock is kept for a cart or an order."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.i18n import lazy_gettext as _
from app.services.inventory.errors import InvalidStockChangeError
from app.services.inventory.reservations import free, has_expired, take_away
from app.services.inventory.shift_stock import Shift, shift_stock
from app.services.inventory.stock import lock_stock, require_location, require_stock
from app.services.platform.read_setting import read_setting
from app.services.platform.run_once import Answer, Claim, run_once
from models.inventory import InventoryReservation

SCOPE = "inventory.reserve"
MOST_MINUTES = 60 * 24 * 30


@dataclass(frozen=True, slots=True)
class ReservedLine:
    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReserveStock:
    """``session_id`` names the cart or till. ``minutes`` is how long the pieces are kept: without
    it an order keeps them until it is sold or cancelled, and a cart for as long as the setting
    ``inventory.reservation_minutes`` says."""

    key: str
    location_id: int
    session_id: str
    lines: tuple[ReservedLine, ...]
    order_id: int | None = None
    minutes: int | None = None


def reserve_stock(command: ReserveStock, *, actor: Actor, now: dt.datetime) -> Answer:
    """Keep the pieces, or none of them; the answer says until when.

    What reservations that have expired still held of these variants is free for this one. Locks the
    stock rows in the order of their keys. Raises :class:`InvalidStockChangeError`,
    :class:`~app.services.inventory.errors.UnknownLocationError`,
    :class:`~app.services.inventory.errors.UnknownVariantsError` and
    :class:`~app.services.inventory.errors.InsufficientStockError` with all lines of which there is
    too little.
    """
    if not command.lines or any(line.quantity < 1 for line in command.lines):
        raise InvalidStockChangeError(_("Say how many pieces of what are reserved."))
    if not command.session_id.strip():
        raise InvalidStockChangeError(_("Say for which cart or order."))
    if command.minutes is not None and not 1 <= command.minutes <= MOST_MINUTES:
        raise InvalidStockChangeError(
            _("Reserve for %(least)s to %(most)s minutes.", least=1, most=MOST_MINUTES)
        )

    def work() -> dict[str, Any]:
        location = require_location(command.location_id)
        wanted: dict[int, int] = {}
        for line in command.lines:
            wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
        keys = [(location.id, variant) for variant in wanted]
        lock_stock(keys, create=True)
        free(take_away(has_expired(now), keys), actor=actor, now=now)
        require_stock(location.id, wanted, lock_stock(keys))
        expires_at = _end(command, now)
        _insert(command, wanted, expires_at, now)
        shifts = {(location.id, variant): Shift(reserved=n) for variant, n in wanted.items()}
        shift_stock(shifts, actor=actor, now=now)
        ends = expires_at.isoformat() if expires_at else None
        return {"pieces": sum(wanted.values()), "expires_at": ends}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _end(command: ReserveStock, now: dt.datetime) -> dt.datetime | None:
    if command.minutes is None and command.order_id is not None:
        return None
    minutes = command.minutes or read_setting("inventory.reservation_minutes")
    return now + dt.timedelta(minutes=minutes)


def _insert(
    command: ReserveStock, wanted: dict[int, int], expires_at: dt.datetime | None, now: dt.datetime
) -> None:
    rows = [
        {
            "location_id": command.location_id,
            "variant_id": variant,
            "session_id": command.session_id,
            "order_id": command.order_id,
            "quantity": pieces,
            "expires_at": expires_at,
            "created_at": now,
        }
        for variant, pieces in wanted.items()
    ]
    session().execute(sa.insert(InventoryReservation).returning(InventoryReservation.id), rows)

"""Reservations as the operations on stock need them: whose they are, and taking them away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.i18n import lazy_gettext as _
from app.services.inventory.errors import InvalidStockChangeError
from app.services.inventory.shift_stock import Shift, StockKey, shift_stock
from models.inventory import InventoryReservation as Reservation


@dataclass(frozen=True, slots=True)
class Held:
    """Pieces that one reservation held."""

    location_id: int
    variant_id: int
    pieces: int
    expires_at: dt.datetime | None

    @property
    def key(self) -> StockKey:
        return (self.location_id, self.variant_id)


def held_for(session_id: str | None, order_id: int | None) -> sa.ColumnElement[bool]:
    """The reservations of a cart, an order, or (both given) a cart's for that order.

    Raises :class:`InvalidStockChangeError` when neither is named.
    """
    if not session_id and order_id is None:
        raise InvalidStockChangeError(_("Say for which cart or order."))
    conditions = [Reservation.session_id == session_id] if session_id else []
    if order_id is not None:
        conditions.append(Reservation.order_id == order_id)
    return sa.and_(*conditions)


def keys_held(condition: sa.ColumnElement[bool]) -> list[StockKey]:
    """Stock rows with such reservations, in the order in which they are locked."""
    columns = (Reservation.location_id, Reservation.variant_id)
    found = session().execute(sa.select(*columns).where(condition).distinct().order_by(*columns))
    return [(location, variant) for location, variant in found]


def take_away(condition: sa.ColumnElement[bool], keys: Collection[StockKey]) -> list[Held]:
    """Delete such reservations of the stock rows ``keys``, which the caller has locked.

    The reserved pieces of the stock rows are still to be brought in line.
    """
    row = Reservation
    gone = session().execute(
        sa.delete(row)
        .where(condition, sa.tuple_(row.location_id, row.variant_id).in_(keys))
        .returning(row.location_id, row.variant_id, row.quantity, row.expires_at)
        .execution_options(synchronize_session=False)
    )
    return [Held(*found) for found in gone]


def free(held: Iterable[Held], *, actor: Actor, now: dt.datetime) -> int:
    """Make the pieces available again; gives how many there are. The caller holds the locks."""
    shifts: dict[StockKey, Shift] = {}
    for each in held:
        shifts[each.key] = shifts.get(each.key, Shift()) + Shift(reserved=-each.pieces)
    if shifts:
        shift_stock(shifts, actor=actor, now=now)
    return -sum(shift.reserved for shift in shifts.values())


def has_expired(now: dt.datetime) -> sa.ColumnElement[bool]:
    return Reservation.expires_at <= now

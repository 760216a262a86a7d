"""Goods leave for another location."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import session
from app.i18n import gettext
from app.i18n import lazy_gettext as _
from app.services.inventory.commit_reservation import read_costs
from app.services.inventory.errors import InvalidTransferError
from app.services.inventory.stock import (
    Posting,
    StockChange,
    lock_stock,
    post,
    require_location,
    require_stock,
)
from app.services.platform.next_number import next_number
from app.services.platform.run_once import Answer, Claim, run_once
from models.inventory import Location, StockTransfer, StockTransferLine

SCOPE = "inventory.dispatch"
SERIES = "transfer"
TRANSIT_CODE = "TRANSIT"
"""Code of the location that holds goods on their way, where none was set up."""


@dataclass(frozen=True, slots=True)
class DispatchedLine:
    """``quantity`` pieces, one or more."""

    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class DispatchTransfer:
    """``key`` makes it safe to send twice; a variant may come in several lines."""

    key: str
    from_location_id: int
    to_location_id: int
    lines: tuple[DispatchedLine, ...]
    notes: str | None = None


def dispatch_transfer(command: DispatchTransfer, *, actor: Actor, now: dt.datetime) -> Answer:
    """Take the pieces from where they are; a location in transit holds them until they arrive.

    Gives ``transfer_id`` and ``number``. Locks the stock rows of both by key, the number last.
    Raises :class:`InvalidTransferError`,
    :class:`~app.services.inventory.errors.UnknownLocationError`,
    :class:`~app.services.inventory.errors.UnknownVariantsError` and
    :class:`~app.services.inventory.errors.InsufficientStockError` with all lines of which too
    little is available.
    """
    if not command.lines or any(line.quantity < 1 for line in command.lines):
        raise InvalidTransferError(_("Say how many pieces of what are sent."))
    if command.from_location_id == command.to_location_id:
        sentence = _("Goods are sent to another location than they are at.")
        raise InvalidTransferError(sentence, fields={"to_location_id": str(sentence)})

    def work() -> dict[str, Any]:
        source = require_location(command.from_location_id).id
        require_location(command.to_location_id)
        transit = _transit_location()
        pieces: dict[int, int] = {}
        for line in command.lines:
            pieces[line.variant_id] = pieces.get(line.variant_id, 0) + line.quantity
        keys = [(place, variant) for place in (source, transit) for variant in pieces]
        require_stock(source, pieces, lock_stock(keys, create=True))
        costs = read_costs(pieces)
        number = f"TR-{next_number(SERIES):08d}"
        transfer_id = _write(command, transit, number, actor=actor, now=now)
        _write_lines(transfer_id, pieces, costs)
        for place, kind, sign in ((source, "transfer_out", -1), (transit, "transfer_in", 1)):
            changes = tuple(StockChange(v, sign * n, costs.get(v)) for v, n in pieces.items())
            post(Posting(place, kind, changes, reference_doc=number), actor=actor, now=now)
        return {"transfer_id": transfer_id, "number": number, "pieces": sum(pieces.values())}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _transit_location() -> int:
    """The location that holds goods on their way; made where none is in use."""
    known = (
        sa.select(Location.id)
        .where(Location.type == "transit", Location.is_active)
        .order_by(Location.id)
        .limit(1)
    )
    found = session().scalar(known)
    if found is not None:
        return found
    session().execute(
        insert(Location)
        .values(name=gettext("In transit"), code=TRANSIT_CODE, type="transit", allows_sales=False)
        .on_conflict_do_update(index_elements=["code"], set_={"type": "transit", "is_active": True})
    )
    return session().scalars(known).one()


def _write(
    command: DispatchTransfer, transit: int, number: str, *, actor: Actor, now: dt.datetime
) -> int:
    statement = (
        sa.insert(StockTransfer)
        .values(
            number=number,
            from_location_id=command.from_location_id,
            to_location_id=command.to_location_id,
            transit_location_id=transit,
            notes=(command.notes or "").strip() or None,
            dispatched_at=now,
            dispatched_by=actor.user_id,
        )
        .returning(StockTransfer.id)
    )
    return session().scalars(statement).one()


def _write_lines(transfer_id: int, pieces: dict[int, int], costs: dict[int, Decimal]) -> None:
    rows = [
        {
            "transfer_id": transfer_id,
            "variant_id": variant,
            "quantity_sent": n,
            "unit_cost": costs.get(variant),
        }
        for variant, n in pieces.items()
    ]
    session().execute(sa.insert(StockTransferLine).returning(StockTransferLine.id), rows)

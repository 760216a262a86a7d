"""Goods that were sent arrive, perhaps not all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import lock_row, session
from app.i18n import lazy_gettext as _
from app.services.inventory.errors import (
    InvalidTransferError,
    TransferNotFoundError,
    TransferReceivedError,
)
from app.services.inventory.stock import Posting, StockChange, lock_stock, post
from app.services.platform.run_once import Answer, Claim, run_once
from models.inventory import StockTransfer, StockTransferLine

SCOPE = "inventory.receive_transfer"


@dataclass(frozen=True, slots=True)
class ArrivedLine:
    """``quantity`` pieces have arrived: none, or more than were sent, too."""

    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReceiveTransfer:
    """Lines that aren't named arrived as they were sent; ``notes`` say why others didn't."""

    key: str
    transfer_id: int
    lines: tuple[ArrivedLine, ...] = ()
    notes: str | None = None


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What arrived of a transfer: its lines and pieces, by variant."""

    transfer: StockTransfer
    lines: Mapping[int, StockTransferLine]
    pieces: Mapping[int, int]
    notes: str | None


def receive_transfer(command: ReceiveTransfer, *, actor: Actor, now: dt.datetime) -> Answer:
    """Put what has arrived on the shelf and end the transfer; a difference needs ``notes``.

    The location in transit is corrected by the difference, so that it holds nothing of the transfer
    any more: pieces that never arrived are gone, pieces too many came from nowhere, and the ledger
    says so. Gives ``pieces`` and ``difference`` (arrived less sent). Locks the transfer, then the
    stock rows by key. Raises :class:`TransferNotFoundError`, :class:`TransferReceivedError` and
    :class:`InvalidTransferError`.
    """
    if any(line.quantity < 0 for line in command.lines):
        raise InvalidTransferError(_("Say how many pieces have arrived."))

    def work() -> dict[str, Any]:
        transfer = lock_row(sa.select(StockTransfer).where(StockTransfer.id == command.transfer_id))
        if transfer is None:
            raise TransferNotFoundError(command.transfer_id)
        if transfer.status != "in_transit":
            raise TransferReceivedError(transfer.number)
        lines = {line.variant_id: line for line in transfer.lines}
        arrived = _arrived(command, lines)
        total = sum(arrived.values()) - sum(line.quantity_sent for line in lines.values())
        differs = any(n != lines[variant].quantity_sent for variant, n in arrived.items())
        notes = (command.notes or "").strip() or None
        if differs and notes is None:
            sentence = _("Say why not what was sent has arrived.")
            raise InvalidTransferError(sentence, fields={"notes": str(sentence)})
        arrival = _Arrival(transfer, lines, arrived, notes)
        _post(arrival, actor=actor, now=now)
        _settle(arrival, actor=actor, now=now)
        return {"pieces": sum(arrived.values()), "difference": total}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _arrived(command: ReceiveTransfer, lines: Mapping[int, StockTransferLine]) -> dict[int, int]:
    """Pieces that arrived, by variant of the transfer."""
    told: dict[int, int] = {}
    for line in command.lines:
        if line.variant_id not in lines:
            raise InvalidTransferError(_("The transfer has no such product."))
        told[line.variant_id] = told.get(line.variant_id, 0) + line.quantity
    return {variant: told.get(variant, line.quantity_sent) for variant, line in lines.items()}


def _post(arrival: _Arrival, *, actor: Actor, now: dt.datetime) -> None:
    """Differences in transit, then out of transit and into the location."""
    transfer, lines, arrived = arrival.transfer, arrival.lines, arrival.pieces
    transit, target = transfer.transit_location_id, transfer.to_location_id
    lock_stock([(place, variant) for place in (transit, target) for variant in lines], create=True)
    costs = {variant: line.unit_cost for variant, line in lines.items()}
    differences = {v: n - lines[v].quantity_sent for v, n in arrived.items()}
    out = {v: -n for v, n in arrived.items()}
    for place, kind, pieces in (
        (transit, "adjust", differences),
        (transit, "transfer_out", out),
        (target, "transfer_in", arrived),
    ):
        changes = tuple(StockChange(v, n, costs[v]) for v, n in pieces.items() if n)
        if changes:
            posting = Posting(
                place, kind, changes, reference_doc=transfer.number, notes=arrival.notes
            )
            post(posting, actor=actor, now=now)


def _settle(arrival: _Arrival, *, actor: Actor, now: dt.datetime) -> None:
    transfer = arrival.transfer
    came = sa.values(
        sa.column("variant_id", sa.BigInteger), sa.column("pieces", sa.Integer), name="came"
    ).data(sorted(arrival.pieces.items()))
    session().execute(
        sa.update(StockTransferLine)
        .where(
            StockTransferLine.transfer_id == transfer.id,
            StockTransferLine.variant_id == came.c.variant_id,
        )
        .values(quantity_received=came.c.pieces)
        .execution_options(synchronize_session=False)
    )
    transfer.status = "received"
    transfer.received_at = max(now, transfer.dispatched_at)
    transfer.received_by = actor.user_id
    transfer.receipt_notes = arrival.notes

"""Operations on stock as the tests call them, with a key of their own each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.services.inventory.adjust_stock import AdjustedLine, AdjustStock, adjust_stock
from app.services.inventory.approve_count import ApproveCount, approve_count
from app.services.inventory.commit_reservation import CommitReservation, commit_reservation
from app.services.inventory.dispatch_transfer import (
    DispatchedLine,
    DispatchTransfer,
    dispatch_transfer,
)
from app.services.inventory.open_count import OpenCount, open_count
from app.services.inventory.receive_transfer import (
    ArrivedLine,
    ReceiveTransfer,
    receive_transfer,
)
from app.services.inventory.record_count import RecordCount, record_count
from app.services.inventory.release_reservation import ReleaseReservation, release_reservation
from app.services.inventory.reserve_stock import ReservedLine, ReserveStock, reserve_stock
from app.services.platform.verify_ledgers import verify_ledgers
from models.inventory import InventoryReservation, InventoryStock, Location, StockCountLine
from tests.services.shop import NOW, cashier, new_key

Pieces = dict[int, int]


def later(minutes: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def reserve(place: int, pieces: Pieces, cart: str = "cart", **more: Any) -> dict[str, Any]:
    lines = tuple(ReservedLine(variant, n) for variant, n in pieces.items())
    now = more.pop("now", NOW)
    command = ReserveStock(more.pop("key", "") or new_key(), place, cart, lines, **more)
    return reserve_stock(command, actor=cashier(), now=now).result


def release(cart: str = "cart", **more: Any) -> int:
    command = ReleaseReservation(new_key(), session_id=cart, **more)
    return release_reservation(command, actor=cashier(), now=NOW).result["pieces"]


def commit(cart: str = "cart", now: dt.datetime = NOW) -> int:
    command = CommitReservation(new_key(), session_id=cart)
    return commit_reservation(command, actor=cashier(), now=now).result["pieces"]


def adjust(place: int, pieces: Pieces, now: dt.datetime = NOW) -> None:
    lines = tuple(AdjustedLine(variant, n) for variant, n in pieces.items())
    adjust_stock(AdjustStock(new_key(), place, lines, "Broken"), actor=cashier(), now=now)


def dispatch(source: int, target: int, pieces: Pieces, key: str = "") -> int:
    lines = tuple(DispatchedLine(variant, n) for variant, n in pieces.items())
    command = DispatchTransfer(key or new_key(), source, target, lines)
    return dispatch_transfer(command, actor=cashier("warehouse"), now=NOW).result["transfer_id"]


def arrive(transfer: int, pieces: Pieces | None = None, notes: str | None = "Lost") -> int:
    lines = tuple(ArrivedLine(variant, n) for variant, n in (pieces or {}).items())
    command = ReceiveTransfer(new_key(), transfer, lines, notes)
    return receive_transfer(command, actor=cashier("warehouse"), now=NOW).result["difference"]


def begin_count(place: int, **more: Any) -> int:
    command = OpenCount(new_key(), place, **more)
    return open_count(command, actor=cashier("warehouse"), now=NOW).result["count_id"]


def found(count: int, variant: int, pieces: int, **more: Any) -> int:
    command = RecordCount(more.pop("key", "") or new_key(), count, pieces, variant, **more)
    return record_count(command, actor=cashier("warehouse"), now=NOW).result["counted"]


def approve(count: int) -> dict[str, Any]:
    command = ApproveCount(new_key(), count)
    return approve_count(command, actor=cashier("manager"), now=NOW).result


def level(place: int, variant: int) -> tuple[int, int, int]:
    """On hand, reserved, available."""
    row = InventoryStock
    found = session().execute(
        sa.select(row.quantity_on_hand, row.quantity_reserved, row.quantity_available).where(
            row.location_id == place, row.variant_id == variant
        )
    )
    return tuple(found.one())


def held() -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(InventoryReservation)) or 0


def transit() -> int:
    return session().scalars(sa.select(Location.id).where(Location.type == "transit")).one()


def line_of(count: int, variant: int) -> StockCountLine:
    statement = sa.select(StockCountLine).where(
        StockCountLine.count_id == count, StockCountLine.variant_id == variant
    )
    return session().scalars(statement, execution_options={"populate_existing": True}).one()


def wrong_books() -> dict[str, tuple[str, ...]]:
    """What ``flask verify`` finds."""
    return {check.name: check.differences for check in verify_ledgers() if check.wrong}

"""Somebody counts a product: by scanning pieces, or by typing how many there are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import session
from app.i18n import lazy_gettext as _
from app.services.inventory.errors import (
    InvalidCountError,
    NotInThisCountError,
    UnknownVariantsError,
)
from app.services.inventory.open_count import below
from app.services.inventory.stock import lock_stock
from app.services.inventory.stock_counts import lock_open_count
from app.services.inventory.variant_names import full_name
from app.services.platform.run_once import Answer, Claim, run_once
from models.catalog import Product, ProductVariant
from models.inventory import StockCount, StockCountLine

SCOPE = "inventory.record_count"
MOST_PIECES = 1_000_000


@dataclass(frozen=True, slots=True)
class RecordCount:
    """``variant_id``, or the ``code`` that was scanned (barcode or SKU).

    ``adds`` puts the pieces to those counted before, as when a shelf is scanned piece by piece;
    else ``quantity`` is all there is.
    """

    key: str
    count_id: int
    quantity: int
    variant_id: int | None = None
    code: str | None = None
    adds: bool = False


def record_count(command: RecordCount, *, actor: Actor, now: dt.datetime) -> Answer:
    """Keep what was found, beside what is on hand at this very moment.

    Sales before and after are in both or in neither, so they can't change the difference; of a line
    that is counted in several goes the last one's moment holds. A count of everything takes any
    variant, others only their own. Gives ``variant_id``, ``name``, ``sku`` and ``counted``. Locks
    the count (shared), then the stock row. Raises :class:`InvalidCountError`,
    :class:`NotInThisCountError`, :class:`~app.services.inventory.errors.UnknownVariantsError` and
    errors of :func:`~app.services.inventory.stock_counts.lock_open_count`.
    """
    if not 0 <= command.quantity <= MOST_PIECES:
        sentence = _("Quantities are whole numbers from 0 to %(most)s.", most=MOST_PIECES)
        raise InvalidCountError(sentence, fields={"quantity": str(sentence)})

    def work() -> dict[str, Any]:
        count = lock_open_count(command.count_id, share=True)
        found = _variant(command)
        _require_in(count, found)
        key = (count.location_id, found.id)
        on_hand = lock_stock([key], create=True)[key].on_hand
        counted = _write(command, found.id, on_hand, actor=actor, now=now)
        return {
            "variant_id": found.id,
            "sku": found.sku,
            "name": found.name,
            "counted": counted,
        }

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def _variant(command: RecordCount) -> Any:
    """Key, SKU, name and category of the variant; a barcode goes before a SKU like it."""
    code = (command.code or "").replace("\x00", "").strip()
    row = ProductVariant
    matches = row.id == command.variant_id
    if command.variant_id is None:
        matches = sa.or_(row.barcode == code, row.sku == code, row.sku == code.upper())
    found = (
        session()
        .execute(
            sa.select(row.id, row.sku, full_name.label("name"), Product.category_id)
            .join(Product, Product.id == row.product_id)
            .where(matches)
            .order_by((row.barcode == code).desc().nulls_last(), row.id)
            .limit(1)
        )
        .one_or_none()
    )
    if found is None and command.variant_id is not None:
        raise UnknownVariantsError([command.variant_id])
    if found is None:
        sentence = _("No product has the code %(code)s.", code=code[:60])
        raise InvalidCountError(sentence, fields={"code": str(sentence)})
    return found


def _require_in(count: StockCount, variant: Any) -> None:
    if count.scope == "all":
        return
    line = sa.select(StockCountLine.id).where(
        StockCountLine.count_id == count.id, StockCountLine.variant_id == variant.id
    )
    if session().scalar(line) is not None:
        return
    if count.scope == "category" and count.category_id is not None:
        tree = below(count.category_id).subquery()
        here = sa.select(tree.c.id).where(tree.c.id == variant.category_id)
        if session().scalar(here) is not None:
            return
    raise NotInThisCountError(f"{variant.name} ({variant.sku})")


def _write(
    command: RecordCount, variant_id: int, on_hand: int, *, actor: Actor, now: dt.datetime
) -> int:
    row = StockCountLine
    values = {"expected": on_hand, "counted_at": now, "counted_by": actor.user_id}
    statement = insert(row).values(
        count_id=command.count_id, variant_id=variant_id, counted=command.quantity, **values
    )
    before = sa.func.coalesce(row.counted, 0) if command.adds else 0
    written = statement.on_conflict_do_update(
        index_elements=["count_id", "variant_id"],
        set_={"counted": before + statement.excluded.counted, **values},
    ).returning(row.counted)
    return session().execute(written).scalar_one() or 0

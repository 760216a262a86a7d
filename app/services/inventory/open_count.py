"""A count of a location begins."""

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
    CountOpenError,
    InvalidCountError,
    UnknownVariantsError,
)
from app.services.inventory.stock import require_location
from app.services.platform.next_number import next_number
from app.services.platform.run_once import Answer, Claim, run_once
from models.catalog import Category, Product, ProductVariant
from models.inventory import InventoryStock, StockCount, StockCountLine

SCOPE = "inventory.open_count"
SERIES = "count"
SCOPES = ("all", "category", "list")


@dataclass(frozen=True, slots=True)
class OpenCount:
    """``scope`` is ``all``, ``category`` (``category_id`` and all below it) or ``list``
    (``variant_ids``). ``is_blind`` hides what should be there from those who count."""

    key: str
    location_id: int
    scope: str = "all"
    category_id: int | None = None
    variant_ids: tuple[int, ...] = ()
    is_blind: bool = False
    notes: str | None = None


def open_count(command: OpenCount, *, actor: Actor, now: dt.datetime) -> Answer:
    """Open it, with a line for each variant that stock is kept of there; gives ``count_id``.

    Nothing is locked: people go on selling. Raises :class:`InvalidCountError`,
    :class:`CountOpenError` when the location has an open one,
    :class:`~app.services.inventory.errors.UnknownLocationError` and
    :class:`~app.services.inventory.errors.UnknownVariantsError`.
    """
    if command.scope not in SCOPES:
        raise InvalidCountError(_("Choose what is counted."))
    if command.scope == "category" and command.category_id is None:
        raise _beside("category_id", _("Choose a category."))
    if command.scope == "list" and not command.variant_ids:
        raise _beside("variant_ids", _("Choose the products to count."))

    def work() -> dict[str, Any]:
        require_location(command.location_id)
        _require_known(command)
        number = f"CT-{next_number(SERIES):08d}"
        count_id = _write(command, number, actor=actor, now=now)
        if count_id is None:
            raise _open_already(command.location_id)
        lines = session().execute(_lines(command, count_id)).all()
        return {"count_id": count_id, "number": number, "lines": len(lines)}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def below(category_id: int) -> sa.Select[tuple[int]]:
    """Keys of the category and of all below it."""
    tree = sa.select(Category.id).where(Category.id == category_id).cte("tree", recursive=True)
    children = sa.select(Category.id).join(tree, Category.parent_id == tree.c.id)
    whole = tree.union(children)
    return sa.select(whole.c.id)


def _require_known(command: OpenCount) -> None:
    if command.scope == "category" and session().get(Category, command.category_id) is None:
        raise _beside("category_id", _("Choose a category."))
    if command.scope != "list":
        return
    wanted = set(command.variant_ids)
    known = session().scalars(sa.select(ProductVariant.id).where(ProductVariant.id.in_(wanted)))
    missing = wanted - set(known)
    if missing:
        raise UnknownVariantsError(sorted(missing))


def _write(command: OpenCount, number: str, *, actor: Actor, now: dt.datetime) -> int | None:
    """The key; None when another count is open there. Waits for whoever opens one."""
    statement = (
        insert(StockCount)
        .values(
            number=number,
            location_id=command.location_id,
            scope=command.scope,
            category_id=command.category_id if command.scope == "category" else None,
            is_blind=command.is_blind,
            notes=(command.notes or "").strip() or None,
            opened_at=now,
            opened_by=actor.user_id,
        )
        .on_conflict_do_nothing(
            index_elements=["location_id"], index_where=sa.text("status = 'open'")
        )
        .returning(StockCount.id)
    )
    return session().scalar(statement)


def _open_already(location_id: int) -> CountOpenError:
    row = (
        session()
        .execute(
            sa.select(StockCount.number, StockCount.id).where(
                StockCount.location_id == location_id, StockCount.status == "open"
            )
        )
        .one()
    )
    return CountOpenError(*row)


def _lines(command: OpenCount, count_id: int) -> sa.Executable:
    """One statement that makes the lines, none of them counted."""
    variants: Any
    count = sa.literal(count_id, sa.BigInteger)
    if command.scope == "list":
        variants = sa.select(count, ProductVariant.id).where(
            ProductVariant.id.in_(command.variant_ids)
        )
    else:
        kept = InventoryStock
        variants = sa.select(count, kept.variant_id).where(
            kept.location_id == command.location_id, kept.quantity_on_hand != 0
        )
    if command.scope == "category" and command.category_id is not None:
        variants = (
            variants.join(ProductVariant, ProductVariant.id == InventoryStock.variant_id)
            .join(Product, Product.id == ProductVariant.product_id)
            .where(Product.category_id.in_(below(command.category_id)))
        )
    return (
        sa.insert(StockCountLine)
        .from_select(["count_id", "variant_id"], variants)
        .returning(StockCountLine.id)
    )


def _beside(field: str, sentence: object) -> InvalidCountError:
    return InvalidCountError(sentence, fields={field: str(sentence)})

"""Prices are worked out anew, as they were asked for before: to undo them, or after a conflict."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.actor import Actor
from app.i18n import lazy_gettext as _
from app.services.catalog.errors import NoPricesError
from app.services.catalog.prepare_prices import PreparePrices, keep_draft, prepare_prices, priced
from app.services.catalog.price_change import find_price_change, lines_of
from app.services.platform.run_once import Answer, Claim, run_once
from models.catalog import BulkPriceChange, ProductVariant

UNDO, AGAIN = "catalog.undo_prices", "catalog.prepare_again"


@dataclass(frozen=True, slots=True)
class UndoPrices:
    """``key`` makes it safe to send twice."""

    key: str
    price_change_id: int


@dataclass(frozen=True, slots=True)
class PrepareAgain:
    """``key`` makes it safe to send twice."""

    key: str
    price_change_id: int


def undo_prices(command: UndoPrices, *, actor: Actor, now: dt.datetime) -> Answer:
    """Prepare the prices from before an applied change; ``price_change`` is the draft's key.

    Nothing is changed until the draft is applied, and it shows what has happened since. Raises
    :class:`~app.services.catalog.errors.UnknownPriceChangeError` and :class:`NoPricesError`.
    """

    def work() -> dict[str, Any]:
        done = find_price_change(command.price_change_id)
        if done.status != "applied":
            raise NoPricesError(_("This change has not been applied."))
        before = lines_of(done)
        draft = BulkPriceChange(selection={"undo_of": done.id}, rule={"kind": "undo"})
        return _draft(draft, before, before.c.old_price, actor, now)

    return run_once(Claim(UNDO, command.key, command), work, actor=actor, now=now)


def prepare_again(command: PrepareAgain, *, actor: Actor, now: dt.datetime) -> Answer:
    """Prepare a draft anew from the prices of now: by its rule, or with the prices of its list.

    The old draft stays. Raises :class:`~app.services.catalog.errors.UnknownPriceChangeError` and
    :class:`NoPricesError`.
    """
    old = find_price_change(command.price_change_id)
    if old.rule.get("kind") not in ("list", "undo"):
        return prepare_prices(_asked(command.key, old), actor=actor, now=now)

    def work() -> dict[str, Any]:
        lines = lines_of(old)
        draft = BulkPriceChange(selection=dict(old.selection), rule=dict(old.rule))
        return _draft(draft, lines, lines.c.new_price, actor, now)

    return run_once(Claim(AGAIN, command.key, command), work, actor=actor, now=now)


def _draft(
    draft: BulkPriceChange, lines: Any, price: Any, actor: Actor, now: dt.datetime
) -> dict[str, Any]:
    draft.created_by, draft.created_at = actor.user_id, now
    return keep_draft(draft, priced(price).join(lines, lines.c.variant_id == ProductVariant.id))


def _asked(key: str, old: BulkPriceChange) -> PreparePrices:
    rule, ending = old.rule, old.rule.get("ending")
    return PreparePrices(
        key=key,
        kind=rule["kind"],
        value=Decimal(rule["value"]),
        ending=None if ending is None else Decimal(ending),
        **old.selection,
    )

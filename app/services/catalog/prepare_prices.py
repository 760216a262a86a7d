"""Many prices are worked out, to be looked at before they are changed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.i18n import lazy_gettext as _
from app.services.catalog.errors import InvalidPriceRuleError, NoPricesError, UnknownSkusError
from app.services.catalog.find_variants import holds_words
from app.services.catalog.price_change import current_price
from app.services.platform.run_once import Answer, Claim, run_once
from models.catalog import BulkPriceChange, BulkPriceLine, Category, Product, ProductVariant

SCOPE = "catalog.prepare_prices"
KINDS = ("percent", "amount", "set")
MOST = {"percent": Decimal(1000), "amount": Decimal(1_000_000), "set": Decimal(1_000_000)}
MOST_PRICES = 200_000
KEPT = dt.timedelta(days=7)
"""Drafts that nobody applied for so long go when their author prepares another."""


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """``price`` includes IGV, in soles."""

    sku: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class PreparePrices:
    """Which variants, and how their prices change.

    Variants are those of a category with all below it, a brand, a product, or with these words in
    name, SKU or barcode; of all that are given, else the whole catalogue. ``kind`` is ``percent``
    or ``amount`` (``value`` is added, so negative lowers) or ``set``. ``ending`` is the part after
    the point that each new price gets (0.90: to the nearest price with .90); None keeps céntimos.
    With ``prices`` the list says both. ``key`` makes it safe to send twice.
    """

    key: str
    kind: str = "percent"
    value: Decimal = Decimal(0)
    ending: Decimal | None = None
    category_id: int | None = None
    brand_id: int | None = None
    product_id: int | None = None
    search: str = ""
    prices: tuple[ListedPrice, ...] = ()


def prepare_prices(command: PreparePrices, *, actor: Actor, now: dt.datetime) -> Answer:
    """Keep old and new price of each variant as a draft; ``price_change`` is its key.

    Variants that have the new price already are counted as ``unchanged`` and left out. No price is
    changed and nothing is locked. Raises :class:`InvalidPriceRuleError`, :class:`UnknownSkusError`
    with all SKUs that aren't there, and :class:`NoPricesError`.
    """
    _check(command)

    def work() -> dict[str, Any]:
        _forget_old_drafts(actor, now)
        chosen = _listed(command) if command.prices else _chosen(command)
        change = BulkPriceChange(
            selection=_selection(command), rule=_rule(command), created_by=actor.user_id
        )
        change.created_at = now
        return keep_draft(change, chosen)

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def keep_draft(change: BulkPriceChange, chosen: Any) -> dict[str, Any]:
    """Add the change with its lines, within the caller's transaction.

    ``chosen`` selects ``variant_id``, ``old_price`` and ``new_price``.
    """
    current = session()
    current.add(change)
    current.flush()  # the lines refer to its key
    chosen = chosen.cte("chosen")
    differs = chosen.c.new_price != chosen.c.old_price
    count = sa.func.count
    found, changed = current.execute(
        sa.select(count(chosen.c.variant_id), count().filter(differs))
    ).one()
    if not found:
        raise NoPricesError(_("No goods were found to change the prices of."))
    if not changed:
        raise NoPricesError(_("All of these goods have that price already."))
    mine = sa.literal(change.id, sa.BigInteger)
    columns = (mine, chosen.c.variant_id, chosen.c.old_price, chosen.c.new_price)
    names = ["bulk_change_id", "variant_id", "old_price", "new_price"]
    current.execute(sa.insert(BulkPriceLine).from_select(names, sa.select(*columns).where(differs)))
    change.prices, change.unchanged = changed, found - changed
    return {"price_change": change.id, "prices": change.prices, "unchanged": change.unchanged}


def _check(command: PreparePrices) -> None:
    if command.prices:
        _check_list(command.prices)
        return
    if command.kind not in KINDS:
        raise _refusal("kind", _("Choose how the prices change."))
    least = Decimal(0) if command.kind == "set" else -MOST[command.kind]
    if not command.value.is_finite() or not least <= command.value <= MOST[command.kind]:
        raise _refusal("value", _("This is not an amount that prices can change by."))
    if command.kind != "set" and not command.value and command.ending is None:
        raise _refusal("value", _("Say by how much the prices change."))
    if command.ending is not None and not 0 <= command.ending < 1:
        raise _refusal("ending", _("Prices end in something from .00 to .99."))


def _check_list(prices: tuple[ListedPrice, ...]) -> None:
    if len(prices) > MOST_PRICES:
        raise _refusal("file", _("A list has %(most)s prices at most.", most=MOST_PRICES))
    most = MOST["set"]
    wrong = [one.sku for one in prices if not one.price.is_finite() or not 0 <= one.price <= most]
    if wrong:
        raise _refusal("file", _("These have no usable price: %(skus)s.", skus=_some(wrong)))
    names = [one.sku.replace("\x00", "") for one in prices]
    if names != [one.sku for one in prices]:
        raise _refusal("file", _("A SKU has a character that no text has."))
    twice = [sku for sku, count in Counter(one.sku for one in prices).items() if count > 1]
    if twice:
        raise _refusal("file", _("These are in the list twice: %(skus)s.", skus=_some(twice)))


def _refusal(field: str, sentence: object) -> InvalidPriceRuleError:
    return InvalidPriceRuleError(sentence, fields={field: str(sentence)})


def _some(names: list[str]) -> str:
    return ", ".join(names[:20]) + (" …" if len(names) > 20 else "")  # noqa: PLR2004 - a line's worth


def _forget_old_drafts(actor: Actor, now: dt.datetime) -> None:
    row = BulkPriceChange
    session().execute(
        sa.delete(row).where(
            row.status == "draft", row.created_by == actor.user_id, row.created_at < now - KEPT
        )
    )


def priced(new_price: Any) -> Any:
    """Selects live variants with their price now and to be, for :func:`keep_draft`."""
    return (
        sa.select(
            ProductVariant.id.label("variant_id"),
            current_price.label("old_price"),
            new_price.label("new_price"),
        )
        .join(Product, Product.id == ProductVariant.product_id)
        .where(ProductVariant.deleted_at.is_(None), Product.deleted_at.is_(None))
    )


def _chosen(command: PreparePrices) -> Any:
    statement = priced(_new_price(command)).where(Product.status != "archived")
    if command.category_id is not None:
        statement = statement.where(Product.category_id.in_(_with_those_below(command.category_id)))
    if command.brand_id is not None:
        statement = statement.where(Product.brand_id == command.brand_id)
    if command.product_id is not None:
        statement = statement.where(Product.id == command.product_id)
    return statement.where(*holds_words(command.search))


def _new_price(command: PreparePrices) -> Any:
    """The rule as SQL; never below zero."""
    value = sa.literal(command.value, sa.Numeric)
    raw: Any = {
        "percent": current_price * (1 + value / 100),
        "amount": current_price + value,
        "set": value,
    }[command.kind]
    if command.ending is None:
        return sa.func.greatest(sa.func.round(raw, 2), 0)
    ending = sa.literal(command.ending, sa.Numeric)
    return sa.func.greatest(sa.func.round(raw - ending) + ending, ending)


def _with_those_below(category_id: int) -> Any:
    tree = sa.select(Category.id).where(Category.id == category_id).cte("tree", recursive=True)
    below = sa.select(Category.id).join(tree, Category.parent_id == tree.c.id)
    return sa.select(tree.union(below).c.id)


def _listed(command: PreparePrices) -> Any:
    """The variants of the list; :class:`UnknownSkusError` names those that aren't there."""
    skus = [one.sku for one in command.prices]
    known = sa.select(ProductVariant.sku).join(Product).where(Product.deleted_at.is_(None))
    there = set(
        session().scalars(known.where(ProductVariant.sku == sa.any_(sa.literal(skus, _TEXTS))))
    )
    if missing := [sku for sku in skus if sku not in there]:
        raise UnknownSkusError(missing)
    listed = (
        sa.func.unnest(
            sa.literal(skus, _TEXTS),
            sa.literal([one.price for one in command.prices], sa.ARRAY(sa.Numeric)),
        )
        .table_valued("sku", "price")
        .render_derived("listed")
    )
    rounded = sa.func.round(sa.cast(listed.c.price, sa.Numeric), 2)
    return priced(rounded).join(listed, listed.c.sku == ProductVariant.sku)


_TEXTS = sa.ARRAY(sa.Text)


def _selection(command: PreparePrices) -> dict[str, Any]:
    if command.prices:
        return {"listed": len(command.prices)}
    asked = {
        "category_id": command.category_id,
        "brand_id": command.brand_id,
        "product_id": command.product_id,
        "search": " ".join(command.search.replace("\x00", "").split())[:200],
    }
    return {name: value for name, value in asked.items() if value}


def _rule(command: PreparePrices) -> dict[str, Any]:
    if command.prices:
        return {"kind": "list"}
    ending = None if command.ending is None else str(command.ending)
    return {"kind": command.kind, "value": str(command.value), "ending": ending}

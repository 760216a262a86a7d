"""Brands, the category tree, products and their variants, with a history of prices."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.demo.goods import BRANCHES, BRANDS, Branch, Goods
from app.demo.identity_numbers import FreshNumbers
from app.demo.names import COLORS, plain
from app.demo.pictures import add_pictures
from app.demo.world import World, at, cents
from app.services.catalog.price_change import REFERENCE
from models.catalog import (
    Brand,
    BulkPriceChange,
    Category,
    PriceChange,
    Product,
    ProductVariant,
)

BRANDS_PER_GOODS = 8
# How the price of the first, second … size of packed goods relates to the product's.
PACK_PRICES = {"500 g": 0.6, "5 kg": 4.4, "500 ml": 0.6, "3 L": 2.6, "400 ml": 1.7, "Grande": 1.6}
ARCHIVED, DRAFT = 0.02, 0.04
REPRICED = 0.12
BULK_CHANGED = "Café e infusiones"


@dataclass
class _Shelf:
    """Rows being made."""

    world: World
    dice: random.Random
    barcodes: FreshNumbers
    product_ids: Iterator[int]
    variant_ids: Iterator[int]
    products: list[dict[str, Any]]
    variants: list[dict[str, Any]]
    changes: list[dict[str, Any]]


def add_catalog(world: World) -> None:
    """Add about 900 products with 3,000 variants."""
    bulk = world.bulk
    brands = dict(zip(BRANDS, bulk.ids(Brand), strict=False))
    bulk.add(Brand, [{"id": key, "name": name} for name, key in brands.items()])
    categories = _add_categories(world)
    taken = bulk.session.scalars(
        sa.select(ProductVariant.barcode), execution_options={"include_deleted": True}
    )
    dice = world.dice("catalog")
    shelf = _Shelf(
        world,
        dice,
        FreshNumbers(dice, {code for code in taken if code}),
        bulk.ids(Product),
        bulk.ids(ProductVariant),
        products=[],
        variants=[],
        changes=[],
    )
    for branch in BRANCHES:
        for goods in branch.goods:
            for brand in dice.sample(BRANDS, BRANDS_PER_GOODS):
                _add_product(shelf, branch, goods, (brand, brands[brand], categories[branch.name]))
    bulk.add(Product, shelf.products)
    bulk.add(ProductVariant, shelf.variants)
    _add_bulk_change(shelf, categories[BULK_CHANGED])
    bulk.add(PriceChange, sorted(shelf.changes, key=lambda change: change["changed_at"]))
    add_pictures(world, shelf.products)


def _add_bulk_change(shelf: _Shelf, category_id: int) -> None:
    """One change of all prices of a category that its products give, three weeks ago."""
    world, change_id = shelf.world, next(shelf.world.bulk.ids(BulkPriceChange))
    why = "Alza general del proveedor por el tipo de cambio"
    made = at(world.today - dt.timedelta(days=19), 8, 15)
    prices = {p["id"]: p["base_price"] for p in shelf.products if p["category_id"] == category_id}
    changed = {
        row["id"]: prices[row["product_id"]]
        for row in shelf.variants
        if row["product_id"] in prices and row["price_override"] is None
    }
    shelf.changes = [change for change in shelf.changes if change["variant_id"] not in changed]
    shelf.changes += [
        _change(variant, (price - 1, price), why, made, world.users["manager"])
        | {"reference_source": REFERENCE, "reference_id": str(change_id)}
        for variant, price in changed.items()
    ]
    row = {
        "id": change_id,
        "status": "applied",
        "selection": {"category_id": category_id},
        "rule": {"kind": "amount", "value": "1", "ending": None},
        "prices": len(changed),
        "justification": why,
        "created_by": world.users["manager"],
        "applied_by": world.users["manager"],
        "applied_at": made,
        "created_at": made - dt.timedelta(minutes=12),
    }
    world.bulk.add(BulkPriceChange, [row])


def _change(
    variant: int, prices: tuple[Decimal, Decimal], why: str, when: dt.datetime, who: int
) -> dict[str, Any]:
    return {
        "variant_id": variant,
        "old_price": prices[0],
        "new_price": prices[1],
        "change_type": "BULK",
        "reference_source": None,
        "reference_id": None,
        "changed_by": who,
        "justification": why,
        "changed_at": when,
    }


def _add_categories(world: World) -> dict[str, int]:
    ids = world.bulk.ids(Category)
    tops = {name: next(ids) for name in dict.fromkeys(branch.top for branch in BRANCHES)}
    branches = {branch.name: next(ids) for branch in BRANCHES}
    rows: list[dict[str, Any]] = [
        {"id": key, "parent_id": None, "name": name, "slug": plain(name)}
        for name, key in tops.items()
    ]
    rows += [
        {
            "id": branches[branch.name],
            "parent_id": tops[branch.top],
            "name": branch.name,
            "slug": plain(f"{branch.top} {branch.name}"),
        }
        for branch in BRANCHES
    ]
    world.bulk.add(Category, rows)
    return branches


def _add_product(shelf: _Shelf, branch: Branch, goods: Goods, of: tuple[str, int, int]) -> None:
    brand, brand_id, category_id = of
    dice, world = shelf.dice, shelf.world
    price = _shelf_price(dice.uniform(goods.low, goods.high))
    made = at(world.first_day - dt.timedelta(days=dice.randint(1, 300)), 10, dice.randint(0, 59))
    chance = dice.random()
    product_id = next(shelf.product_ids)
    name = f"{goods.name} {brand}"
    shelf.products.append(
        {
            "id": product_id,
            "name": name,
            "slug": plain(f"{goods.name} {brand}"),
            "description_short": f"{goods.name} de la marca {brand}.",
            "brand_id": brand_id,
            "category_id": category_id,
            "base_price": cents(price),
            "cost_price": cents(round(price / 1.18 * dice.uniform(0.55, 0.75))),
            "tax_code": branch.tax_code,
            "status": "archived" if chance < ARCHIVED else "draft" if chance < DRAFT else "active",
            "attributes": {"origin": "Perú"} if dice.random() < REPRICED else {},
            "created_at": made,
            "updated_at": made,
        }
    )
    variants = _variants(shelf, goods, product_id, price)
    shelf.variants += variants
    if dice.random() < REPRICED:
        shelf.changes += _old_prices(shelf, variants, price)


def _variants(shelf: _Shelf, goods: Goods, product_id: int, price: int) -> list[dict[str, Any]]:
    dice = shelf.dice
    colors: list[str | None] = [*dice.sample(COLORS, goods.colors)] or [None]
    sizes: list[str | None] = [*goods.sizes] or [None]
    pairs = [(size, color) for color in colors for size in sizes]
    rows = []
    for number, (size, color) in enumerate(pairs, start=1):
        factor = PACK_PRICES.get(size or "", 1.0)
        rows.append(
            {
                "id": next(shelf.variant_ids),
                "product_id": product_id,
                "sku": f"Q{product_id:05d}-{number:02d}",
                "barcode": shelf.barcodes.barcode(),
                "size": size,
                "color": color,
                "price_override": None
                if factor == 1
                else cents(_shelf_price(price * factor / 100)),
                "weight": Decimal(dice.randint(50, 3000)).scaleb(-3),
            }
        )
    return rows


def _old_prices(
    shelf: _Shelf, variants: list[dict[str, Any]], price: int
) -> Iterator[dict[str, Any]]:
    """One earlier price of each variant that has its product's."""
    dice, world = shelf.dice, shelf.world
    day = world.today - dt.timedelta(days=dice.randint(20, 330))
    why = "Alza del proveedor" if dice.random() < 0.5 else "Ajuste de precio"  # noqa: PLR2004 - half
    before = _shelf_price(price * dice.uniform(0.85, 0.97) / 100)
    for row in variants:
        if row["price_override"] is None and before != price:
            change = (row["id"], (cents(before), cents(price)), why, at(day, 8, 30))
            yield _change(*change, world.users["manager"]) | {"change_type": "BASE"}


def _shelf_price(soles: float) -> int:
    """Céntimos, ending in .90 or .50 as prices on shelves do."""
    whole = max(int(soles), 1)
    return whole * 100 + (90 if soles - whole >= 0.5 or whole >= 20 else 50)  # noqa: PLR2004

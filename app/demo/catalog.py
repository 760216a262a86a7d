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
from app.demo.world import World, at, cents
from models.catalog import Brand, Category, PriceChange, Product, ProductVariant

BRANDS_PER_GOODS = 8
# How the price of the first, second … size of packed goods relates to the product's.
PACK_PRICES = {"500 g": 0.6, "5 kg": 4.4, "500 ml": 0.6, "3 L": 2.6, "400 ml": 1.7, "Grande": 1.6}
ARCHIVED, DRAFT = 0.02, 0.04
REPRICED = 0.12


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
    bulk.add(PriceChange, sorted(shelf.changes, key=lambda change: change["changed_at"]))


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
    bulk_change = dice.random() < 0.5  # noqa: PLR2004 - half of them
    before = _shelf_price(price * dice.uniform(0.85, 0.97) / 100)
    for row in variants:
        if row["price_override"] is None and before != price:
            yield {
                "variant_id": row["id"],
                "old_price": cents(before),
                "new_price": cents(price),
                "change_type": "BULK" if bulk_change else "BASE",
                "changed_by": world.users["manager"],
                "justification": "Alza del proveedor" if bulk_change else "Ajuste de precio",
                "changed_at": at(day, 8, 30),
            }


def _shelf_price(soles: float) -> int:
    """Céntimos, ending in .90 or .50 as prices on shelves do."""
    whole = max(int(soles), 1)
    return whole * 100 + (90 if soles - whole >= 0.5 or whole >= 20 else 50)  # noqa: PLR2004

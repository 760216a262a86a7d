"""Goods for benchmarks: products of four variants each, with stock, made in the database."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app

WORDS = ("Polo", "Leche", "Galleta", "Champú", "Jabón", "Cuaderno", "Taladro", "Arroz")
PER_PRODUCT = 4

_PRODUCTS = """
    INSERT INTO catalog.products (name, slug, category_id, brand_id, base_price, cost_price, status)
    SELECT (CAST(:words AS text[]))[n % 8 + 1] || ' Marca ' || n % 997 || ' Línea ' || n,
           'goods-' || n, :category, :brand, 5 + n % 200, 2 + n % 70, 'active'
      FROM generate_series(1, :products) AS n
"""
_VARIANTS = """
    INSERT INTO catalog.product_variants (product_id, sku, barcode, size, color, price_override)
    SELECT product.id, 'B' || lpad(n::text, 7, '0'), '775' || lpad(n::text, 9, '0') || '0',
           (ARRAY['S', 'M', 'L', 'XL'])[n % 4 + 1], 'Rosé',
           CASE WHEN n % 3 = 0 THEN 9 + n % 100 END
      FROM generate_series(1, :variants) AS n
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM catalog.products) AS product
        ON product.place = (n - 1) / 4 + 1
"""
_STOCK = """
    INSERT INTO inventory.inventory_stock (variant_id, location_id, quantity_on_hand)
    SELECT id, :location, id % 9 FROM catalog.product_variants
"""


def add_goods(variants: int) -> int:
    """Add so many variants with stock at one location, whose key it gives; one commit."""
    from app.db import atomic
    from models.catalog import Brand, Category
    from models.inventory import Location

    with atomic() as session:
        category, brand = Category(name="Goods", slug="goods"), Brand(name="Brand")
        place = Location(name="Shop", code="BENCH")
        session.add_all([category, brand, place])
        session.flush()  # the goods refer to their keys
        products = -(-variants // PER_PRODUCT)
        values = {"products": products, "category": category.id, "brand": brand.id}
        session.execute(sa.text(_PRODUCTS), values | {"words": list(WORDS)})
        session.execute(sa.text(_VARIANTS), {"variants": variants})
        session.execute(sa.text(_STOCK), {"location": place.id})
        location = place.id
    _settle()
    return location


def _settle() -> None:
    """What the database does by itself after a while: statistics, and indexes in order."""
    owner = sa.create_engine(current_app.config["OWNER_DATABASE_URI"], isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        for table in ("catalog.products", "catalog.product_variants", "inventory.inventory_stock"):
            connection.execute(sa.text(f"VACUUM ANALYZE {table}"))
    owner.dispose()

"""Screens of the catalogue."""

from __future__ import annotations

from app.admin.boards.declare import Boards, Gallery
from app.admin.registry import Child, Domain, Operation, Table
from app.services.catalog.apply_prices import apply_prices
from app.services.catalog.make_variants import make_variants
from app.services.catalog.prepare_again import prepare_again, undo_prices
from app.services.catalog.prepare_prices import prepare_prices
from models.catalog import (
    Brand,
    BulkPriceChange,
    BulkPriceLine,
    Category,
    PriceChange,
    Product,
    ProductImage,
    ProductVariant,
)
from views.catalog.rules import CategoryRules, ProductRules, VariantRules

DOMAIN = Domain(
    name="catalog",
    label="Catalog",
    icon="shopping-bag",
    tables=(
        Table(
            Product,
            icon="package",
            children=(
                Child(
                    ProductVariant,
                    ("sku", "barcode", "size", "color", "price_override", "is_active"),
                ),
                Child(ProductImage, ("url", "is_primary"), order="display_order"),
            ),
            list_columns=(
                "name",
                "brand_id",
                "category_id",
                "base_price",
                "tax_code",
                "status",
                "updated_at",
            ),
            search_columns=("name",),
            order=("name", "asc"),
            boards=Boards(gallery=Gallery("ProductImage.url")),
            rules=ProductRules,
        ),
        Table(
            ProductVariant,
            icon="barcode",
            list_columns=(
                "sku",
                "barcode",
                "product_id",
                "size",
                "color",
                "price_override",
                "is_active",
            ),
            search_columns=("sku", "barcode"),
            order=("sku", "asc"),
            rules=VariantRules,
        ),
        Table(
            Category,
            icon="category",
            list_columns=("name", "parent_id", "slug", "is_active"),
            order=("name", "asc"),
            rules=CategoryRules,
        ),
        Table(Brand, icon="tag", list_columns=("name", "logo_url"), order=("name", "asc")),
        Table(
            ProductImage,
            icon="photo",
            list_columns=("product_id", "url", "display_order", "is_primary"),
        ),
        Table(
            PriceChange,
            icon="trending-up",
            list_columns=(
                "changed_at",
                "variant_id",
                "old_price",
                "new_price",
                "change_type",
                "reference_source",
                "changed_by",
                "justification",
            ),
            search_columns=("justification",),
            order=("changed_at", "desc"),
            read_only=True,
        ),
        Table(
            BulkPriceChange,
            icon="tags",
            list_columns=(
                "created_at",
                "status",
                "prices",
                "justification",
                "created_by",
                "applied_by",
                "applied_at",
            ),
            search_columns=("justification",),
            order=("created_at", "desc"),
            read_only=True,
            in_menu=False,
        ),
        Table(BulkPriceLine, icon="tag", read_only=True, in_menu=False),
    ),
    operations=(
        Operation(prepare_prices, "catalog.prices:create"),
        Operation(prepare_again, "catalog.prices:create"),
        Operation(undo_prices, "catalog.prices:create"),
        Operation(apply_prices, "catalog.prices:update"),
        Operation(make_variants, "catalog.product_variants:create"),
    ),
)

"""Goods that are sold: products, their variants (what has a price and a barcode), brands, prices.

Prices include IGV. A variant's price is its own ``price_override``, else its product's
``base_price``; a database trigger writes each change of either to ``price_change_history``.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    APPEND_ONLY,
    MULTILINE,
    NOT_NEGATIVE,
    PICTURE,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    Json,
    SoftDelete,
    Timestamps,
    UnitPrice,
    choices,
    now,
    table_args,
    trigram,
    unaudited,
)
from models.defaults import EMPTY_OBJECT, ZERO
from models.identity import USERS

# SUNAT catalogue 07: how IGV affects a line.
TAX_CODES = choices(
    **{
        "10": "Taxed",
        "11": "Free: taxed prize",
        "12": "Free: taxed donation",
        "13": "Free: taxed withdrawal",
        "14": "Free: taxed advertising",
        "15": "Free: taxed bonus",
        "16": "Free: taxed delivery to workers",
        "17": "Taxed with IVAP",
        "20": "Exonerated",
        "21": "Free: exonerated",
        "30": "Unaffected",
        "31": "Free: unaffected bonus",
        "32": "Free: unaffected withdrawal",
        "33": "Free: unaffected medical samples",
        "34": "Free: unaffected by collective agreement",
        "35": "Free: unaffected prize",
        "36": "Free: unaffected advertising",
        "37": "Free: unaffected transfer",
        "40": "For export",
    }
)
DIMENSIONS = {
    "type": "object",
    "properties": {
        side: {"type": "number", "minimum": 0, "x-unit": "cm"}
        for side in ("length", "width", "height")
    },
}
SLUG_FORMAT = "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'"


class Brand(IdentityKey, Base):
    __tablename__ = "brands"
    __table_args__ = table_args("catalog", *trigram("brands", "name"), comment="Brands of products")
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(unique=True, comment="Name of the brand")
    logo_url: Mapped[str | None] = mapped_column(info=PICTURE, comment="Logo")


class Category(IdentityKey, Base):
    __tablename__ = "categories"
    __table_args__ = table_args(
        "catalog",
        sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        sa.CheckConstraint(SLUG_FORMAT, name="slug_format"),
        sa.Index(None, "name"),
        *trigram("categories", "name"),
        comment="Categories of products, as a tree",
    )
    __title__ = ("name",)
    __plural__ = "Product categories"
    parent_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("catalog.categories.id"),
        index=True,
        comment="Category above; empty at the top",
    )
    name: Mapped[str] = mapped_column(comment="Name of the category")
    slug: Mapped[str] = mapped_column(
        unique=True,
        server_default="",
        comment="Name in addresses: small letters, digits and hyphens; blank: from the name",
    )
    image_url: Mapped[str | None] = mapped_column(info=PICTURE, comment="Picture")
    is_active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="Offered for new products and shown"
    )


class Product(IdentityKey, Timestamps, SoftDelete, Base):
    __tablename__ = "products"
    __table_args__ = table_args(
        "catalog",
        sa.CheckConstraint(SLUG_FORMAT, name="slug_format"),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "status", "name"),
        *trigram("products", "name"),
        comment="Goods that are sold; what is scanned and stocked is a variant of one",
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(comment="Name shown to customers")
    slug: Mapped[str] = mapped_column(
        unique=True,
        server_default="",
        comment="Name in addresses: small letters, digits and hyphens; blank: from the name",
    )
    description_short: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="A line or two for lists"
    )
    description_long: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Full description")
    brand_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("catalog.brands.id"), index=True, comment="Brand"
    )
    category_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("catalog.categories.id"), index=True, comment="Category"
    )
    base_price: Mapped[UnitPrice] = mapped_column(
        info=NOT_NEGATIVE,
        comment="Price with IGV of variants that have none of their own, in soles",
    )
    cost_price: Mapped[UnitPrice] = mapped_column(
        default=ZERO, server_default="0", info=NOT_NEGATIVE, comment="Cost without IGV, in soles"
    )
    tax_code: Mapped[str] = mapped_column(
        default="10",
        server_default="10",
        info=TAX_CODES,
        comment="How IGV affects it (SUNAT catalogue 07)",
    )
    unit_code: Mapped[str] = mapped_column(
        default="NIU",
        server_default="NIU",
        comment="Unit it is sold in (SUNAT catalogue 03); NIU is a piece",
    )
    status: Mapped[str] = mapped_column(
        default="draft",
        server_default="draft",
        info=choices("draft", "active", "archived"),
        comment="Only active products are sold",
    )
    attributes: Mapped[Json] = mapped_column(
        default=dict, server_default=EMPTY_OBJECT, comment="Further facts by name, such as material"
    )
    variants: Mapped[list[ProductVariant]] = relationship(
        back_populates="product", cascade="all, delete-orphan", order_by="ProductVariant.id"
    )
    images: Mapped[list[ProductImage]] = relationship(
        back_populates="product",
        cascade="all, delete-orphan",
        order_by="ProductImage.display_order",
    )


class ProductVariant(IdentityKey, SoftDelete, Base):
    __tablename__ = "product_variants"
    __table_args__ = table_args(
        "catalog",
        *trigram("product_variants", "sku", "barcode"),
        comment="What is scanned, priced and stocked: one size and colour of a product",
    )
    __title__ = ("sku",)
    __plural__ = "Product variants"
    product_id: Mapped[int] = mapped_column(
        sa.ForeignKey("catalog.products.id", ondelete="CASCADE"), index=True, comment="Product"
    )
    sku: Mapped[str] = mapped_column(unique=True, comment="Stock keeping unit: the business's code")
    barcode: Mapped[str | None] = mapped_column(
        unique=True, comment="EAN-8, EAN-13, UPC or an internal code"
    )
    size: Mapped[str | None] = mapped_column(comment="Size, such as M or 500 ml")
    color: Mapped[str | None] = mapped_column(comment="Name of the colour")
    price_override: Mapped[UnitPrice | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Own price with IGV, in soles; empty for the product's price"
    )
    weight: Mapped[Decimal | None] = mapped_column(
        sa.Numeric(12, 4), info=NOT_NEGATIVE, comment="Weight in kilograms"
    )
    dimensions: Mapped[Json] = mapped_column(
        default=dict,
        server_default=EMPTY_OBJECT,
        info={"schema": DIMENSIONS},
        comment="Length, width and height in centimetres",
    )
    main_image_url: Mapped[str | None] = mapped_column(info=PICTURE, comment="Picture")
    is_active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="May be sold"
    )
    product: Mapped[Product] = relationship(back_populates="variants", foreign_keys=[product_id])


class ProductImage(IdentityKey, Base):
    __tablename__ = "product_images"
    __table_args__ = table_args(
        "catalog",
        sa.Index(None, "product_id", "display_order"),
        sa.Index(
            "uq_product_images_primary",
            "product_id",
            unique=True,
            postgresql_where=sa.text("is_primary"),
        ),
        comment="Pictures of products",
    )
    __title__ = ("product",)
    product_id: Mapped[int] = mapped_column(
        sa.ForeignKey("catalog.products.id", ondelete="CASCADE"), comment="Product"
    )
    url: Mapped[str] = mapped_column(info=PICTURE, comment="Picture")
    display_order: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Place among the pictures"
    )
    is_primary: Mapped[bool] = mapped_column(
        default=False, server_default=sa.false(), comment="Shown first; one per product"
    )
    product: Mapped[Product] = relationship(back_populates="images", foreign_keys=[product_id])


class PriceChange(IdentityKey, Base):
    __tablename__ = "price_change_history"
    __table_args__ = table_args(
        "catalog",
        *trigram("price_change_history", "justification"),
        sa.Index(None, "variant_id", "changed_at"),
        sa.Index(None, "changed_at", "id"),
        sa.Index(None, "reference_source", "reference_id"),
        comment="Every change of a variant's price; written by the database, never changed",
        **APPEND_ONLY,
    )
    __title__ = ("change_type", "changed_at")
    __plural__ = "Price changes"
    variant_id: Mapped[int] = mapped_column(
        sa.ForeignKey("catalog.product_variants.id"), comment="Variant"
    )
    old_price: Mapped[UnitPrice] = mapped_column(info=NOT_NEGATIVE, comment="Price before")
    new_price: Mapped[UnitPrice] = mapped_column(info=NOT_NEGATIVE, comment="Price after")
    change_type: Mapped[str] = mapped_column(
        default="BASE",
        server_default="BASE",
        info=choices(BASE="Base price", PROMO="Promotion", BULK="Bulk change"),
        comment="Kind of change",
    )
    reference_source: Mapped[str | None] = mapped_column(
        comment="What made the change, such as promotion or bulk_change"
    )
    reference_id: Mapped[str | None] = mapped_column(comment="Key of what made the change")
    changed_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who changed the price"
    )
    justification: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Why the price was changed"
    )
    changed_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, info=READONLY, comment="When the price was changed"
    )


class BulkPriceChange(IdentityKey, CreatedAt, Base):
    """Neither ERD has it: what was previewed must be what is applied, however many prices, and
    ``price_change_history`` refers to it (``bulk_change`` and its key)."""

    __tablename__ = "bulk_price_changes"
    __table_args__ = table_args(
        "catalog",
        sa.CheckConstraint(
            "status = 'draft' OR (applied_at IS NOT NULL AND justification <> '')",
            name="applied_for_a_reason",
        ),
        sa.Index(None, "created_at", "id"),
        *trigram("bulk_price_changes", "justification"),
        comment="Changes of many prices at once: prepared, looked at, then made",
    )
    __title__ = ("status", "created_at")
    __plural__ = "Bulk price changes"
    status: Mapped[str] = mapped_column(
        default="draft",
        server_default="draft",
        info=choices("draft", "applied"),
        comment="A draft has changed nothing yet",
    )
    selection: Mapped[Json] = mapped_column(
        default=dict,
        server_default=EMPTY_OBJECT,
        comment="Which variants: category, brand, search, a file or an earlier change",
    )
    rule: Mapped[Json] = mapped_column(
        default=dict, server_default=EMPTY_OBJECT, comment="How the new price is made from the old"
    )
    prices: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Prices that change"
    )
    unchanged: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Prices that are so already"
    )
    justification: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="Why the prices were changed"
    )
    created_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who prepared it"
    )
    applied_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who changed the prices"
    )
    applied_at: Mapped[dt.datetime | None] = mapped_column(comment="When the prices were changed")


class BulkPriceLine(Base):
    """Neither ERD has it: see :class:`BulkPriceChange`."""

    __tablename__ = "bulk_price_lines"
    __table_args__ = table_args(
        "catalog",
        comment="Prices of a prepared bulk change; gone when it is made, for the history has them",
        **unaudited("A proposal: what becomes of it is in the history of prices"),
    )
    __title__ = ("variant", "new_price")
    __parents__ = ("bulk_change_id",)
    bulk_change_id: Mapped[int] = mapped_column(
        sa.ForeignKey("catalog.bulk_price_changes.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Bulk price change",
    )
    variant_id: Mapped[int] = mapped_column(
        sa.ForeignKey("catalog.product_variants.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
        comment="Variant",
    )
    old_price: Mapped[UnitPrice] = mapped_column(
        info=NOT_NEGATIVE, comment="Price when it was prepared, with IGV, in soles"
    )
    new_price: Mapped[UnitPrice] = mapped_column(
        info=NOT_NEGATIVE, comment="Price to be, with IGV, in soles"
    )

"""What the services business sells."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    Hours,
    Info,
    Json,
    SoftDelete,
    Timestamps,
    UnitPrice,
    UuidKey,
    choices,
    table_args,
    trigram,
)
from models.columns import COLOR, Amount, Currency, No, SortOrder, Yes
from models.defaults import EMPTY_OBJECT, ZERO

TAX_CATEGORIES = choices(
    **{"10": "Taxed", "20": "Exonerated", "30": "Unaffected", "40": "For export"}
)
_PRICE: Info = NOT_NEGATIVE | {"currency": "currency"}


class ServiceCategory(UuidKey, Timestamps, Base):
    __tablename__ = "service_categories"
    __table_args__ = table_args(
        "services",
        sa.CheckConstraint("parent_id <> id", name="not_its_own_parent"),
        comment="Categories of services, as a tree",
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(comment="Name of the category")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What belongs in the category"
    )
    parent_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("services.service_categories.id"),
        index=True,
        comment="Category above; empty at the top",
    )
    icon: Mapped[str | None] = mapped_column(comment="Tabler icon name, such as tools")
    color: Mapped[str | None] = mapped_column(info=COLOR, comment="Colour of the category")
    is_active: Mapped[Yes] = mapped_column(comment="Offered on services")
    display_order: Mapped[SortOrder]


class ServiceProduct(UuidKey, Timestamps, SoftDelete, Base):
    __tablename__ = "products"
    __table_args__ = table_args(
        "services",
        sa.Index(
            "uq_products_code_live",
            "code",
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index(None, "created_at", "id"),
        sa.CheckConstraint(
            "variant_id IS NOT NULL OR NOT track_inventory", name="stock_has_variant"
        ),
        sa.CheckConstraint("pricing_tiers <> '{}' OR NOT has_tiered_pricing", name="tiers_given"),
        *trigram("products", "name", "code"),
        comment="Services on offer, and goods sold with them",
    )
    __title__ = ("name",)
    __plural__ = "Services"
    name: Mapped[str] = mapped_column(comment="Name, as printed on quotes and invoices")
    code: Mapped[str] = mapped_column(comment="Short code, unique among the services on offer")
    description: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What the customer gets"
    )
    category_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("services.service_categories.id"), index=True, comment="Category"
    )
    unit_price: Mapped[UnitPrice] = mapped_column(
        default=ZERO, server_default="0", info=_PRICE, comment="Price of one unit, before tax"
    )
    cost_price: Mapped[UnitPrice] = mapped_column(
        default=ZERO, server_default="0", info=_PRICE, comment="What one unit costs the business"
    )
    currency: Mapped[Currency]
    service_type: Mapped[str] = mapped_column(
        default="fixed_price",
        server_default="fixed_price",
        info=choices("fixed_price", "time_and_materials", "subscription", "goods"),
        comment="How the service is sold",
    )
    billing_cycle: Mapped[str] = mapped_column(
        default="one_time",
        server_default="one_time",
        info=choices("one_time", "hourly", "weekly", "monthly", "quarterly", "yearly"),
        comment="What one unit of the price covers",
    )
    estimated_hours: Mapped[Hours | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Work that one unit takes, hours"
    )
    service_duration_days: Mapped[int | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Calendar days from start to delivery"
    )
    setup_fee: Mapped[Amount] = mapped_column(comment="Charged once, at the start")
    track_inventory: Mapped[No] = mapped_column(
        comment="Using it takes stock of the goods variant it points to"
    )
    variant_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("catalog.product_variants.id"),
        index=True,
        comment="Goods variant whose stock is used",
    )
    stock_quantity: Mapped[int] = mapped_column(
        default=0,
        server_default="0",
        info=READONLY,
        comment="Available stock of the goods variant, all locations",
    )
    low_stock_threshold: Mapped[int] = mapped_column(
        default=0, server_default="0", info=NOT_NEGATIVE, comment="Stock below this is low"
    )
    has_tiered_pricing: Mapped[No] = mapped_column(comment="The price depends on the quantity")
    pricing_tiers: Mapped[Json] = mapped_column(
        default=dict,
        server_default=EMPTY_OBJECT,
        comment='{"mode": "volume" or "graduated", "tiers": [{"from": 1, "unit_price": "10.00"}]}',
    )
    required_skills: Mapped[list[str]] = mapped_column(
        default=list, server_default="{}", comment="Skills that who does the work needs"
    )
    complexity_level: Mapped[int | None] = mapped_column(
        info={"min": 1, "max": 5}, comment="From 1 (simple) to 5 (hard)"
    )
    prerequisites: Mapped[str | None] = mapped_column(
        info=MULTILINE, comment="What the customer must have or do first"
    )
    is_taxable: Mapped[Yes] = mapped_column(comment="Tax is added to the price")
    tax_category: Mapped[str] = mapped_column(
        default="10",
        server_default="10",
        info=TAX_CATEGORIES,
        comment="How IGV treats it, SUNAT catalogue 07",
    )
    is_active: Mapped[Yes] = mapped_column(comment="Offered on deals, quotes and invoices")

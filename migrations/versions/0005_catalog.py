"""Products, variants, brands, categories and price history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "brands",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the brand"),
        sa.Column("logo_url", sa.Text(), nullable=True, comment="Logo"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("name", name=op.f("uq_brands_name")),
        schema="catalog",
        comment="Brands of products",
    )
    op.create_index(
        "ix_brands_name_trgm",
        "brands",
        ["name"],
        schema="catalog",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column(
            "parent_id", sa.BigInteger(), nullable=True, comment="Category above; empty at the top"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the category"),
        sa.Column(
            "slug",
            sa.Text(),
            nullable=False,
            comment="Name in addresses: small letters, digits and hyphens",
        ),
        sa.Column("image_url", sa.Text(), nullable=True, comment="Picture"),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Offered for new products and shown",
        ),
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_categories_slug_format")
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_categories_not_its_own_parent")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["catalog.categories.id"], name=op.f("fk_categories_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("slug", name=op.f("uq_categories_slug")),
        schema="catalog",
        comment="Categories of products, as a tree",
    )
    op.create_index(op.f("ix_categories_name"), "categories", ["name"], schema="catalog")
    op.create_index(
        "ix_categories_name_trgm",
        "categories",
        ["name"],
        schema="catalog",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(op.f("ix_categories_parent_id"), "categories", ["parent_id"], schema="catalog")
    op.create_table(
        "products",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name shown to customers"),
        sa.Column(
            "slug",
            sa.Text(),
            nullable=False,
            comment="Name in addresses: small letters, digits and hyphens",
        ),
        sa.Column("description_short", sa.Text(), nullable=True, comment="A line or two for lists"),
        sa.Column("description_long", sa.Text(), nullable=True, comment="Full description"),
        sa.Column("brand_id", sa.BigInteger(), nullable=True, comment="Brand"),
        sa.Column("category_id", sa.BigInteger(), nullable=True, comment="Category"),
        sa.Column(
            "base_price",
            sa.Numeric(precision=14, scale=4),
            nullable=False,
            comment="Price with IGV of variants that have none of their own, in soles",
        ),
        sa.Column(
            "cost_price",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
            comment="Cost without IGV, in soles",
        ),
        sa.Column(
            "tax_code",
            sa.Text(),
            server_default="10",
            nullable=False,
            comment="How IGV affects it (SUNAT catalogue 07)",
        ),
        sa.Column(
            "unit_code",
            sa.Text(),
            server_default="NIU",
            nullable=False,
            comment="Unit it is sold in (SUNAT catalogue 03); NIU is a piece",
        ),
        sa.Column(
            "status",
            sa.Text(),
            server_default="draft",
            nullable=False,
            comment="Only active products are sold",
        ),
        sa.Column(
            "attributes",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Further facts by name, such as material",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was last changed",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the row was deleted; empty while it is live",
        ),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="Who deleted the row"),
        sa.Column("deletion_reason", sa.Text(), nullable=True, comment="Why the row was deleted"),
        sa.CheckConstraint(
            "slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name=op.f("ck_products_slug_format")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'active', 'archived')", name=op.f("ck_products_status_choice")
        ),
        sa.CheckConstraint(
            "tax_code IN ('10', '11', '12', '13', '14', '15', '16', '17', '20', '21', '30', '31', '32', '33', '34', '35', '36', '37', '40')",
            name=op.f("ck_products_tax_code_choice"),
        ),
        sa.CheckConstraint("base_price >= 0", name=op.f("ck_products_base_price_range")),
        sa.CheckConstraint("cost_price >= 0", name=op.f("ck_products_cost_price_range")),
        sa.ForeignKeyConstraint(
            ["brand_id"], ["catalog.brands.id"], name=op.f("fk_products_brand_id")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["catalog.categories.id"], name=op.f("fk_products_category_id")
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_products_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("slug", name=op.f("uq_products_slug")),
        schema="catalog",
        comment="Goods that are sold; what is scanned and stocked is a variant of one",
    )
    op.create_index(op.f("ix_products_brand_id"), "products", ["brand_id"], schema="catalog")
    op.create_index(op.f("ix_products_category_id"), "products", ["category_id"], schema="catalog")
    op.create_index(
        op.f("ix_products_created_at_id"), "products", ["created_at", "id"], schema="catalog"
    )
    op.create_index(op.f("ix_products_deleted_by"), "products", ["deleted_by"], schema="catalog")
    op.create_index(
        "ix_products_name_trgm",
        "products",
        ["name"],
        schema="catalog",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_products_status_name"), "products", ["status", "name"], schema="catalog"
    )
    op.create_table(
        "product_images",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("product_id", sa.BigInteger(), nullable=False, comment="Product"),
        sa.Column("url", sa.Text(), nullable=False, comment="Picture"),
        sa.Column(
            "display_order",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Place among the pictures",
        ),
        sa.Column(
            "is_primary",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Shown first; one per product",
        ),
        sa.CheckConstraint(
            "display_order >= 0", name=op.f("ck_product_images_display_order_range")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["catalog.products.id"],
            name=op.f("fk_product_images_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_images")),
        schema="catalog",
        comment="Pictures of products",
    )
    op.create_index(
        op.f("ix_product_images_product_id_display_order"),
        "product_images",
        ["product_id", "display_order"],
        schema="catalog",
    )
    op.create_index(
        "uq_product_images_primary",
        "product_images",
        ["product_id"],
        unique=True,
        schema="catalog",
        postgresql_where=sa.text("is_primary"),
    )
    op.create_table(
        "product_variants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("product_id", sa.BigInteger(), nullable=False, comment="Product"),
        sa.Column(
            "sku", sa.Text(), nullable=False, comment="Stock keeping unit: the business's code"
        ),
        sa.Column(
            "barcode", sa.Text(), nullable=True, comment="EAN-8, EAN-13, UPC or an internal code"
        ),
        sa.Column("size", sa.Text(), nullable=True, comment="Size, such as M or 500 ml"),
        sa.Column("color", sa.Text(), nullable=True, comment="Name of the colour"),
        sa.Column(
            "price_override",
            sa.Numeric(precision=14, scale=4),
            nullable=True,
            comment="Own price with IGV, in soles; empty for the product's price",
        ),
        sa.Column(
            "weight",
            sa.Numeric(precision=12, scale=4),
            nullable=True,
            comment="Weight in kilograms",
        ),
        sa.Column(
            "dimensions",
            postgresql.JSONB(),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="Length, width and height in centimetres",
        ),
        sa.Column("main_image_url", sa.Text(), nullable=True, comment="Picture"),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="May be sold",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the row was deleted; empty while it is live",
        ),
        sa.Column("deleted_by", sa.BigInteger(), nullable=True, comment="Who deleted the row"),
        sa.Column("deletion_reason", sa.Text(), nullable=True, comment="Why the row was deleted"),
        sa.CheckConstraint(
            "price_override >= 0", name=op.f("ck_product_variants_price_override_range")
        ),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_product_variants_weight_range")),
        sa.ForeignKeyConstraint(
            ["deleted_by"],
            ["identity.users.id"],
            name=op.f("fk_product_variants_deleted_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["catalog.products.id"],
            name=op.f("fk_product_variants_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_variants")),
        sa.UniqueConstraint("barcode", name=op.f("uq_product_variants_barcode")),
        sa.UniqueConstraint("sku", name=op.f("uq_product_variants_sku")),
        schema="catalog",
        comment="What is scanned, priced and stocked: one size and colour of a product",
    )
    op.create_index(
        "ix_product_variants_barcode_trgm",
        "product_variants",
        ["barcode"],
        schema="catalog",
        postgresql_using="gin",
        postgresql_ops={"barcode": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_product_variants_deleted_by"), "product_variants", ["deleted_by"], schema="catalog"
    )
    op.create_index(
        op.f("ix_product_variants_product_id"), "product_variants", ["product_id"], schema="catalog"
    )
    op.create_index(
        "ix_product_variants_sku_trgm",
        "product_variants",
        ["sku"],
        schema="catalog",
        postgresql_using="gin",
        postgresql_ops={"sku": "gin_trgm_ops"},
    )
    op.create_table(
        "price_change_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("variant_id", sa.BigInteger(), nullable=False, comment="Variant"),
        sa.Column(
            "old_price", sa.Numeric(precision=14, scale=4), nullable=False, comment="Price before"
        ),
        sa.Column(
            "new_price", sa.Numeric(precision=14, scale=4), nullable=False, comment="Price after"
        ),
        sa.Column(
            "change_type",
            sa.Text(),
            server_default="BASE",
            nullable=False,
            comment="Kind of change",
        ),
        sa.Column(
            "reference_source",
            sa.Text(),
            nullable=True,
            comment="What made the change, such as promotion or bulk_change",
        ),
        sa.Column("reference_id", sa.Text(), nullable=True, comment="Key of what made the change"),
        sa.Column("changed_by", sa.BigInteger(), nullable=True, comment="Who changed the price"),
        sa.Column("justification", sa.Text(), nullable=True, comment="Why the price was changed"),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the price was changed",
        ),
        sa.CheckConstraint(
            "change_type IN ('BASE', 'PROMO', 'BULK')",
            name=op.f("ck_price_change_history_change_type_choice"),
        ),
        sa.CheckConstraint("new_price >= 0", name=op.f("ck_price_change_history_new_price_range")),
        sa.CheckConstraint("old_price >= 0", name=op.f("ck_price_change_history_old_price_range")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["identity.users.id"], name=op.f("fk_price_change_history_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["catalog.product_variants.id"],
            name=op.f("fk_price_change_history_variant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_change_history")),
        schema="catalog",
        comment="Every change of a variant's price; written by the database, never changed",
    )
    op.create_index(
        op.f("ix_price_change_history_changed_at_id"),
        "price_change_history",
        ["changed_at", "id"],
        schema="catalog",
    )
    op.create_index(
        op.f("ix_price_change_history_changed_by"),
        "price_change_history",
        ["changed_by"],
        schema="catalog",
    )
    op.create_index(
        op.f("ix_price_change_history_reference_source_reference_id"),
        "price_change_history",
        ["reference_source", "reference_id"],
        schema="catalog",
    )
    op.create_index(
        op.f("ix_price_change_history_variant_id_changed_at"),
        "price_change_history",
        ["variant_id", "changed_at"],
        schema="catalog",
    )


def downgrade() -> None:
    op.drop_table("price_change_history", schema="catalog")
    op.drop_table("product_variants", schema="catalog")
    op.drop_table("product_images", schema="catalog")
    op.drop_table("products", schema="catalog")
    op.drop_table("categories", schema="catalog")
    op.drop_table("brands", schema="catalog")

"""Locations, stock, its ledger and reservations."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "locations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("name", sa.Text(), nullable=False, comment="Name of the place"),
        sa.Column("code", sa.Text(), nullable=False, comment="Short code, such as LIM1"),
        sa.Column("address", sa.Text(), nullable=True, comment="Street address"),
        sa.Column(
            "type",
            sa.Text(),
            server_default="store",
            nullable=False,
            comment="Kind of place; transit holds goods that are on their way",
        ),
        sa.Column(
            "establishment_code",
            sa.Text(),
            server_default="0000",
            nullable=False,
            comment="Establishment code registered with SUNAT; 0000 is the main office",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="In use",
        ),
        sa.Column(
            "allows_sales",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Goods may be sold from here",
        ),
        sa.Column(
            "allows_negative_stock",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Goods may be sold before their arrival is recorded",
        ),
        sa.CheckConstraint(
            "establishment_code ~ '^[0-9]{4}$'", name=op.f("ck_locations_establishment_code_format")
        ),
        sa.CheckConstraint(
            "type IN ('store', 'warehouse', 'transit')", name=op.f("ck_locations_type_choice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("code", name=op.f("uq_locations_code")),
        schema="inventory",
        comment="Shops, warehouses and places in between where stock is kept",
    )
    op.create_index(op.f("ix_locations_name"), "locations", ["name"], schema="inventory")
    op.create_index(
        "ix_locations_name_trgm",
        "locations",
        ["name"],
        schema="inventory",
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_table(
        "inventory_alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("variant_id", sa.BigInteger(), nullable=False, comment="Variant"),
        sa.Column("location_id", sa.BigInteger(), nullable=False, comment="Location"),
        sa.Column(
            "min_threshold",
            sa.Integer(),
            nullable=False,
            comment="Pieces available below which the alert is raised",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Watched",
        ),
        sa.Column(
            "raised_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Since when stock has been below; empty while it is enough",
        ),
        sa.CheckConstraint(
            "min_threshold >= 0", name=op.f("ck_inventory_alerts_min_threshold_range")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["inventory.locations.id"],
            name=op.f("fk_inventory_alerts_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["catalog.product_variants.id"],
            name=op.f("fk_inventory_alerts_variant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_alerts")),
        sa.UniqueConstraint(
            "variant_id", "location_id", name=op.f("uq_inventory_alerts_variant_id_location_id")
        ),
        schema="inventory",
        comment="Stock levels below which someone is told",
    )
    op.create_index(
        op.f("ix_inventory_alerts_location_id"),
        "inventory_alerts",
        ["location_id"],
        schema="inventory",
    )
    op.create_table(
        "inventory_audit_snapshots",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("variant_id", sa.BigInteger(), nullable=False, comment="Variant"),
        sa.Column("location_id", sa.BigInteger(), nullable=False, comment="Location"),
        sa.Column(
            "snapshot_quantity", sa.Integer(), nullable=False, comment="Pieces counted or recorded"
        ),
        sa.Column(
            "discrepancy",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Counted less on hand at that moment",
        ),
        sa.Column("snapshot_type", sa.Text(), nullable=False, comment="Why it was taken"),
        sa.Column("triggered_by", sa.BigInteger(), nullable=True, comment="Who took it"),
        sa.Column(
            "snapshot_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="Moment it shows",
        ),
        sa.CheckConstraint(
            "snapshot_type IN ('count', 'periodic', 'verification')",
            name=op.f("ck_inventory_audit_snapshots_snapshot_type_choice"),
        ),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["inventory.locations.id"],
            name=op.f("fk_inventory_audit_snapshots_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["triggered_by"],
            ["identity.users.id"],
            name=op.f("fk_inventory_audit_snapshots_triggered_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["catalog.product_variants.id"],
            name=op.f("fk_inventory_audit_snapshots_variant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_audit_snapshots")),
        schema="inventory",
        comment="Stock as it was counted or recorded at a moment",
    )
    op.create_index(
        op.f("ix_inventory_audit_snapshots_location_id_variant_id_snapshot_at"),
        "inventory_audit_snapshots",
        ["location_id", "variant_id", "snapshot_at"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_audit_snapshots_snapshot_at_id"),
        "inventory_audit_snapshots",
        ["snapshot_at", "id"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_audit_snapshots_triggered_by"),
        "inventory_audit_snapshots",
        ["triggered_by"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_audit_snapshots_variant_id"),
        "inventory_audit_snapshots",
        ["variant_id"],
        schema="inventory",
    )
    op.create_table(
        "inventory_stock",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("location_id", sa.BigInteger(), nullable=False, comment="Location"),
        sa.Column("variant_id", sa.BigInteger(), nullable=False, comment="Variant"),
        sa.Column(
            "quantity_on_hand",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Pieces at the location: sum of the movements",
        ),
        sa.Column(
            "quantity_reserved",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="Pieces promised: sum of the live reservations",
        ),
        sa.Column(
            "quantity_available",
            sa.Integer(),
            sa.Computed("quantity_on_hand - quantity_reserved", persisted=True),
            nullable=False,
            comment="Pieces that may be sold: on hand less reserved",
        ),
        sa.Column(
            "allows_negative",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="The location allows negative stock; copied from it",
        ),
        sa.Column(
            "last_counted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Last physical count",
        ),
        sa.Column(
            "last_updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the quantities last changed",
        ),
        sa.Column(
            "last_updated_by", sa.BigInteger(), nullable=True, comment="Who last changed them"
        ),
        sa.Column(
            "version",
            sa.BigInteger(),
            server_default="1",
            nullable=False,
            comment="Moves on each change; a save based on an older one is refused",
        ),
        sa.CheckConstraint(
            "allows_negative OR quantity_on_hand >= 0",
            name=op.f("ck_inventory_stock_on_hand_not_negative"),
        ),
        sa.CheckConstraint(
            "allows_negative OR quantity_reserved <= quantity_on_hand",
            name=op.f("ck_inventory_stock_reserved_is_on_hand"),
        ),
        sa.CheckConstraint(
            "quantity_reserved >= 0", name=op.f("ck_inventory_stock_reserved_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["last_updated_by"],
            ["identity.users.id"],
            name=op.f("fk_inventory_stock_last_updated_by"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["inventory.locations.id"], name=op.f("fk_inventory_stock_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["catalog.product_variants.id"],
            name=op.f("fk_inventory_stock_variant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_stock")),
        sa.UniqueConstraint(
            "variant_id", "location_id", name=op.f("uq_inventory_stock_variant_id_location_id")
        ),
        schema="inventory",
        comment="How many of each variant are at each location; changed by movements only",
    )
    op.create_index(
        op.f("ix_inventory_stock_last_updated_by"),
        "inventory_stock",
        ["last_updated_by"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_stock_location_id_variant_id"),
        "inventory_stock",
        ["location_id", "variant_id"],
        schema="inventory",
    )
    op.create_table(
        "inventory_movements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("variant_id", sa.BigInteger(), nullable=False, comment="Variant"),
        sa.Column(
            "from_location_id",
            sa.BigInteger(),
            nullable=True,
            comment="Where the pieces left; empty when they came from outside",
        ),
        sa.Column(
            "to_location_id",
            sa.BigInteger(),
            nullable=True,
            comment="Where the pieces entered; empty when they went outside",
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=True, comment="Who moved them"),
        sa.Column("movement_type", sa.Text(), nullable=False, comment="Why the pieces moved"),
        sa.Column(
            "quantity",
            sa.Integer(),
            nullable=False,
            comment="Pieces, always positive; the locations say in which direction",
        ),
        sa.Column(
            "unit_cost",
            sa.Numeric(precision=14, scale=4),
            nullable=True,
            comment="Cost of a piece without IGV, in soles",
        ),
        sa.Column("order_id", sa.BigInteger(), nullable=True, comment="Order that moved them"),
        sa.Column(
            "reference_doc",
            sa.Text(),
            nullable=True,
            comment="Number of the document behind it, such as a supplier's delivery note",
        ),
        sa.Column("notes", sa.Text(), nullable=True, comment="Reason or remark"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it happened; says which partition the row is in",
        ),
        sa.CheckConstraint(
            "movement_type IN ('receive', 'adjust', 'transfer_out', 'transfer_in', 'sell', 'return', 'count', 'consume')",
            name=op.f("ck_inventory_movements_movement_type_choice"),
        ),
        sa.CheckConstraint(
            "movement_type NOT IN ('receive', 'return', 'transfer_in') OR to_location_id IS NOT NULL",
            name=op.f("ck_inventory_movements_arrives_somewhere"),
        ),
        sa.CheckConstraint(
            "movement_type NOT IN ('sell', 'consume', 'transfer_out') OR from_location_id IS NOT NULL",
            name=op.f("ck_inventory_movements_leaves_somewhere"),
        ),
        sa.CheckConstraint(
            "from_location_id <> to_location_id",
            name=op.f("ck_inventory_movements_locations_differ"),
        ),
        sa.CheckConstraint(
            "from_location_id IS NOT NULL OR to_location_id IS NOT NULL",
            name=op.f("ck_inventory_movements_has_a_location"),
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_inventory_movements_quantity_range")),
        sa.CheckConstraint("unit_cost >= 0", name=op.f("ck_inventory_movements_unit_cost_range")),
        sa.ForeignKeyConstraint(
            ["from_location_id"],
            ["inventory.locations.id"],
            name=op.f("fk_inventory_movements_from_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["to_location_id"],
            ["inventory.locations.id"],
            name=op.f("fk_inventory_movements_to_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["identity.users.id"], name=op.f("fk_inventory_movements_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["catalog.product_variants.id"],
            name=op.f("fk_inventory_movements_variant_id"),
        ),
        sa.PrimaryKeyConstraint("id", "created_at", name=op.f("pk_inventory_movements")),
        schema="inventory",
        comment="Ledger of stock: each piece that entered or left a location; never changed",
        postgresql_partition_by="RANGE (created_at)",
    )
    op.create_index(
        "ix_inventory_movements_created_at_brin",
        "inventory_movements",
        ["created_at"],
        schema="inventory",
        postgresql_using="brin",
    )
    op.create_index(
        op.f("ix_inventory_movements_created_at_id"),
        "inventory_movements",
        ["created_at", "id"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_movements_from_location_id_variant_id"),
        "inventory_movements",
        ["from_location_id", "variant_id"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_movements_order_id"),
        "inventory_movements",
        ["order_id"],
        schema="inventory",
    )
    op.create_index(
        "ix_inventory_movements_reference_doc_trgm",
        "inventory_movements",
        ["reference_doc"],
        schema="inventory",
        postgresql_using="gin",
        postgresql_ops={"reference_doc": "gin_trgm_ops"},
    )
    op.create_index(
        op.f("ix_inventory_movements_to_location_id_variant_id"),
        "inventory_movements",
        ["to_location_id", "variant_id"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_movements_user_id"),
        "inventory_movements",
        ["user_id"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_movements_variant_id_created_at"),
        "inventory_movements",
        ["variant_id", "created_at"],
        schema="inventory",
    )
    op.create_table(
        "inventory_reservations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False, comment="Key"),
        sa.Column("variant_id", sa.BigInteger(), nullable=False, comment="Variant"),
        sa.Column("location_id", sa.BigInteger(), nullable=False, comment="Location"),
        sa.Column(
            "session_id",
            sa.Text(),
            nullable=False,
            comment="Cart or till that the stock is kept for",
        ),
        sa.Column(
            "order_id", sa.BigInteger(), nullable=True, comment="Order that the stock is kept for"
        ),
        sa.Column("quantity", sa.Integer(), nullable=False, comment="Pieces kept"),
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the stock is free again; empty while an order holds it",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the row was made",
        ),
        sa.CheckConstraint(
            "expires_at IS NOT NULL OR order_id IS NOT NULL",
            name=op.f("ck_inventory_reservations_ends_somehow"),
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_inventory_reservations_quantity_range")),
        sa.ForeignKeyConstraint(
            ["location_id"],
            ["inventory.locations.id"],
            name=op.f("fk_inventory_reservations_location_id"),
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["catalog.product_variants.id"],
            name=op.f("fk_inventory_reservations_variant_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_reservations")),
        schema="inventory",
        comment="Stock promised to a cart or an order; deleted when sold, released or expired",
    )
    op.create_index(
        op.f("ix_inventory_reservations_expires_at"),
        "inventory_reservations",
        ["expires_at"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_reservations_location_id_variant_id"),
        "inventory_reservations",
        ["location_id", "variant_id"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_reservations_order_id"),
        "inventory_reservations",
        ["order_id"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_reservations_session_id"),
        "inventory_reservations",
        ["session_id"],
        schema="inventory",
    )
    op.create_index(
        op.f("ix_inventory_reservations_variant_id"),
        "inventory_reservations",
        ["variant_id"],
        schema="inventory",
    )


def downgrade() -> None:
    op.drop_table("inventory_reservations", schema="inventory")
    op.drop_table("inventory_movements", schema="inventory")
    op.drop_table("inventory_stock", schema="inventory")
    op.drop_table("inventory_audit_snapshots", schema="inventory")
    op.drop_table("inventory_alerts", schema="inventory")
    op.drop_table("locations", schema="inventory")

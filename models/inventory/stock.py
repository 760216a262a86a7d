"""Where goods are and how many: stock per variant and location, its ledger and reservations.

For each variant and location the sum of ``inventory_movements`` equals ``quantity_on_hand`` and the
sum of live ``inventory_reservations`` equals ``quantity_reserved``.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from models.base import (
    APPEND_ONLY,
    MULTILINE,
    NOT_NEGATIVE,
    READONLY,
    Base,
    CreatedAt,
    IdentityKey,
    UnitPrice,
    Versioned,
    choices,
    now,
    table_args,
    trigram,
)
from models.identity import USERS
from models.partitions import BY_CREATED_AT, PartitionedKey

LOCATIONS = "inventory.locations.id"
VARIANTS = "catalog.product_variants.id"
POSITIVE = {"min": 1}


class Location(IdentityKey, Base):
    __tablename__ = "locations"
    __table_args__ = table_args(
        "inventory",
        sa.CheckConstraint("establishment_code ~ '^[0-9]{4}$'", name="establishment_code_format"),
        sa.Index(None, "name"),
        *trigram("locations", "name"),
        comment="Shops, warehouses and places in between where stock is kept",
    )
    __title__ = ("name",)
    name: Mapped[str] = mapped_column(comment="Name of the place")
    code: Mapped[str] = mapped_column(unique=True, comment="Short code, such as LIM1")
    address: Mapped[str | None] = mapped_column(comment="Street address")
    type: Mapped[str] = mapped_column(
        default="store",
        server_default="store",
        info=choices("store", "warehouse", "transit"),
        comment="Kind of place; transit holds goods that are on their way",
    )
    establishment_code: Mapped[str] = mapped_column(
        default="0000",
        server_default="0000",
        comment="Establishment code registered with SUNAT; 0000 is the main office",
    )
    is_active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="In use"
    )
    allows_sales: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="Goods may be sold from here"
    )
    allows_negative_stock: Mapped[bool] = mapped_column(
        default=False,
        server_default=sa.false(),
        comment="Goods may be sold before their arrival is recorded",
    )


class InventoryStock(IdentityKey, Versioned, Base):
    __tablename__ = "inventory_stock"
    __table_args__ = table_args(
        "inventory",
        sa.UniqueConstraint("variant_id", "location_id"),
        sa.CheckConstraint("allows_negative OR quantity_on_hand >= 0", name="on_hand_not_negative"),
        sa.CheckConstraint("quantity_reserved >= 0", name="reserved_not_negative"),
        sa.CheckConstraint(
            "allows_negative OR quantity_reserved <= quantity_on_hand", name="reserved_is_on_hand"
        ),
        sa.Index(None, "location_id", "variant_id"),
        comment="How many of each variant are at each location; changed by movements only",
    )
    __title__ = ("variant", "location")
    __plural__ = "Stock"
    location_id: Mapped[int] = mapped_column(sa.ForeignKey(LOCATIONS), comment="Location")
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey(VARIANTS), comment="Variant")
    quantity_on_hand: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="Pieces at the location: sum of the movements"
    )
    quantity_reserved: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="Pieces promised: sum of the live reservations"
    )
    quantity_available: Mapped[int] = mapped_column(
        sa.Integer,
        sa.Computed("quantity_on_hand - quantity_reserved", persisted=True),
        comment="Pieces that may be sold: on hand less reserved",
    )
    allows_negative: Mapped[bool] = mapped_column(
        default=False,
        server_default=sa.false(),
        info=READONLY,
        comment="The location allows negative stock; copied from it",
    )
    last_counted_at: Mapped[dt.datetime | None] = mapped_column(comment="Last physical count")
    last_updated_at: Mapped[dt.datetime] = mapped_column(
        server_default=now, onupdate=now, comment="When the quantities last changed"
    )
    last_updated_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who last changed them"
    )


class InventoryReservation(IdentityKey, CreatedAt, Base):
    __tablename__ = "inventory_reservations"
    __table_args__ = table_args(
        "inventory",
        sa.CheckConstraint("expires_at IS NOT NULL OR order_id IS NOT NULL", name="ends_somehow"),
        sa.Index(None, "location_id", "variant_id"),
        sa.Index(None, "expires_at"),
        sa.Index(None, "session_id"),
        comment="Stock promised to a cart or an order; deleted when sold, released or expired",
    )
    __title__ = ("session_id",)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey(VARIANTS), index=True, comment="Variant")
    location_id: Mapped[int] = mapped_column(sa.ForeignKey(LOCATIONS), comment="Location")
    session_id: Mapped[str] = mapped_column(comment="Cart or till that the stock is kept for")
    order_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("sales.orders.id"), index=True, comment="Order that the stock is kept for"
    )
    quantity: Mapped[int] = mapped_column(info=POSITIVE, comment="Pieces kept")
    expires_at: Mapped[dt.datetime | None] = mapped_column(
        comment="When the stock is free again; empty while an order holds it"
    )


class InventoryMovement(PartitionedKey, Base):
    __tablename__ = "inventory_movements"
    __table_args__ = table_args(
        "inventory",
        sa.CheckConstraint(
            "from_location_id IS NOT NULL OR to_location_id IS NOT NULL", name="has_a_location"
        ),
        sa.CheckConstraint("from_location_id <> to_location_id", name="locations_differ"),
        sa.CheckConstraint(
            "movement_type NOT IN ('sell', 'consume', 'transfer_out') "
            "OR from_location_id IS NOT NULL",
            name="leaves_somewhere",
        ),
        sa.CheckConstraint(
            "movement_type NOT IN ('receive', 'return', 'transfer_in') "
            "OR to_location_id IS NOT NULL",
            name="arrives_somewhere",
        ),
        sa.Index(None, "created_at", "id"),
        sa.Index(None, "variant_id", "created_at"),
        sa.Index(None, "from_location_id", "variant_id"),
        sa.Index(None, "to_location_id", "variant_id"),
        sa.Index("ix_inventory_movements_created_at_brin", "created_at", postgresql_using="brin"),
        *trigram("inventory_movements", "reference_doc"),
        comment="Ledger of stock: each piece that entered or left a location; never changed",
        **BY_CREATED_AT,
        **APPEND_ONLY,
    )
    __title__ = ("movement_type", "reference_doc")
    __owners__ = ("user_id",)
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey(VARIANTS), comment="Variant")
    from_location_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(LOCATIONS), comment="Where the pieces left; empty when they came from outside"
    )
    to_location_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(LOCATIONS), comment="Where the pieces entered; empty when they went outside"
    )
    user_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS), index=True, comment="Who moved them"
    )
    movement_type: Mapped[str] = mapped_column(
        info=choices(
            "receive",
            "adjust",
            "transfer_out",
            "transfer_in",
            "sell",
            "return",
            "count",
            "consume",
        ),
        comment="Why the pieces moved",
    )
    quantity: Mapped[int] = mapped_column(
        info=POSITIVE, comment="Pieces, always positive; the locations say in which direction"
    )
    unit_cost: Mapped[UnitPrice | None] = mapped_column(
        info=NOT_NEGATIVE, comment="Cost of a piece without IGV, in soles"
    )
    order_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("sales.orders.id"), index=True, comment="Order that moved them"
    )
    reference_doc: Mapped[str | None] = mapped_column(
        comment="Number of the document behind it, such as a supplier's delivery note"
    )
    notes: Mapped[str | None] = mapped_column(info=MULTILINE, comment="Reason or remark")


class InventoryAuditSnapshot(IdentityKey, Base):
    __tablename__ = "inventory_audit_snapshots"
    __table_args__ = table_args(
        "inventory",
        sa.Index(None, "location_id", "variant_id", "snapshot_at"),
        sa.Index(None, "snapshot_at", "id"),
        comment="Stock as it was counted or recorded at a moment",
    )
    __title__ = ("snapshot_type", "snapshot_at")
    __plural__ = "Stock snapshots"
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey(VARIANTS), index=True, comment="Variant")
    location_id: Mapped[int] = mapped_column(sa.ForeignKey(LOCATIONS), comment="Location")
    snapshot_quantity: Mapped[int] = mapped_column(comment="Pieces counted or recorded")
    discrepancy: Mapped[int] = mapped_column(
        default=0, server_default="0", comment="Counted less on hand at that moment"
    )
    snapshot_type: Mapped[str] = mapped_column(
        info=choices("count", "periodic", "verification"), comment="Why it was taken"
    )
    triggered_by: Mapped[int | None] = mapped_column(
        sa.ForeignKey(USERS, ondelete="SET NULL"), index=True, comment="Who took it"
    )
    snapshot_at: Mapped[dt.datetime] = mapped_column(server_default=now, comment="Moment it shows")


class InventoryAlert(IdentityKey, Base):
    __tablename__ = "inventory_alerts"
    __table_args__ = table_args(
        "inventory",
        sa.UniqueConstraint("variant_id", "location_id"),
        comment="Stock levels below which someone is told",
    )
    __title__ = ("variant", "location")
    __plural__ = "Stock alerts"
    variant_id: Mapped[int] = mapped_column(sa.ForeignKey(VARIANTS), comment="Variant")
    location_id: Mapped[int] = mapped_column(
        sa.ForeignKey(LOCATIONS), index=True, comment="Location"
    )
    min_threshold: Mapped[int] = mapped_column(
        info=NOT_NEGATIVE, comment="Pieces available below which the alert is raised"
    )
    is_active: Mapped[bool] = mapped_column(
        default=True, server_default=sa.true(), comment="Watched"
    )
    raised_at: Mapped[dt.datetime | None] = mapped_column(
        info=READONLY, comment="Since when stock has been below; empty while it is enough"
    )

"""Screens of stock and its ledger."""

from __future__ import annotations

from app.admin.registry import Domain, Table
from models.inventory import (
    InventoryAlert,
    InventoryAuditSnapshot,
    InventoryMovement,
    InventoryReservation,
    InventoryStock,
    Location,
)

DOMAIN = Domain(
    name="inventory",
    label="Inventory",
    icon="building-warehouse",
    tables=(
        Table(
            InventoryStock,
            icon="packages",
            list_columns=(
                "variant_id",
                "location_id",
                "quantity_on_hand",
                "quantity_reserved",
                "quantity_available",
                "last_counted_at",
                "last_updated_at",
            ),
            read_only=True,
        ),
        Table(
            InventoryMovement,
            icon="arrows-exchange",
            list_columns=(
                "created_at",
                "movement_type",
                "variant_id",
                "quantity",
                "from_location_id",
                "to_location_id",
                "reference_doc",
                "user_id",
            ),
            search_columns=("reference_doc",),
            order=("created_at", "desc"),
            read_only=True,
        ),
        Table(
            Location,
            icon="map-pin",
            list_columns=("code", "name", "type", "address", "allows_sales", "is_active"),
            search_columns=("name", "code"),
            order=("name", "asc"),
        ),
        Table(
            InventoryAlert,
            icon="bell-exclamation",
            list_columns=(
                "variant_id",
                "location_id",
                "min_threshold",
                "is_active",
                "raised_at",
            ),
        ),
        Table(
            InventoryReservation,
            icon="lock",
            list_columns=(
                "created_at",
                "variant_id",
                "location_id",
                "quantity",
                "session_id",
                "order_id",
                "expires_at",
            ),
            read_only=True,
        ),
        Table(
            InventoryAuditSnapshot,
            icon="clipboard-check",
            list_columns=(
                "snapshot_at",
                "snapshot_type",
                "variant_id",
                "location_id",
                "snapshot_quantity",
                "discrepancy",
                "triggered_by",
            ),
            order=("snapshot_at", "desc"),
            read_only=True,
        ),
    ),
)

"""Screens of stock and its ledger."""

from __future__ import annotations

from app.admin.registry import Domain, Operation, Table
from app.services.inventory.adjust_stock import adjust_stock
from app.services.inventory.approve_count import approve_count
from app.services.inventory.cancel_count import cancel_count
from app.services.inventory.dispatch_transfer import dispatch_transfer
from app.services.inventory.open_count import open_count
from app.services.inventory.receive_stock import receive_stock
from app.services.inventory.receive_transfer import receive_transfer
from app.services.inventory.record_count import record_count
from app.services.inventory.release_reservation import release_reservation
from app.services.inventory.reserve_stock import reserve_stock
from models.inventory import (
    InventoryAlert,
    InventoryAuditSnapshot,
    InventoryMovement,
    InventoryReservation,
    InventoryStock,
    Location,
    StockCount,
    StockCountLine,
    StockTransfer,
    StockTransferLine,
)
from views.inventory.rules import StockCountRules, StockRules, StockTransferRules

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
            rules=StockRules,
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
        Table(
            StockTransfer,
            icon="truck",
            list_columns=(
                "number",
                "status",
                "from_location_id",
                "to_location_id",
                "dispatched_at",
                "dispatched_by",
                "received_at",
            ),
            order=("dispatched_at", "desc"),
            read_only=True,
            rules=StockTransferRules,
            in_menu=False,
        ),
        Table(
            StockTransferLine,
            icon="list-details",
            list_columns=("transfer_id", "variant_id", "quantity_sent", "quantity_received"),
            read_only=True,
            in_menu=False,
        ),
        Table(
            StockCount,
            icon="clipboard-list",
            list_columns=(
                "number",
                "status",
                "location_id",
                "scope",
                "opened_at",
                "opened_by",
                "closed_at",
                "closed_by",
            ),
            order=("opened_at", "desc"),
            read_only=True,
            rules=StockCountRules,
            in_menu=False,
        ),
        Table(
            StockCountLine,
            icon="list-check",
            list_columns=(
                "count_id",
                "variant_id",
                "counted",
                "expected",
                "discrepancy",
                "counted_at",
                "counted_by",
            ),
            read_only=True,
            in_menu=False,
        ),
    ),
    operations=(
        Operation(receive_stock, "inventory.receiving:create"),
        Operation(adjust_stock, "inventory.adjusting:create"),
        Operation(dispatch_transfer, "inventory.transfers:create"),
        Operation(receive_transfer, "inventory.transfers:update"),
        Operation(open_count, "inventory.counts:create"),
        Operation(record_count, "inventory.counts:update"),
        Operation(approve_count, "inventory.counts:approve"),
        Operation(cancel_count, "inventory.counts:update"),
        Operation(reserve_stock, "inventory.adjusting:create"),
        Operation(release_reservation, "inventory.adjusting:create"),
    ),
)

"""Where goods are and how many: stock, its ledger, transfers between locations, and counts."""

from __future__ import annotations

from models.inventory.counts import StockCount, StockCountLine
from models.inventory.stock import (
    InventoryAlert,
    InventoryAuditSnapshot,
    InventoryMovement,
    InventoryReservation,
    InventoryStock,
    Location,
)
from models.inventory.transfers import StockTransfer, StockTransferLine

__all__ = [
    "InventoryAlert",
    "InventoryAuditSnapshot",
    "InventoryMovement",
    "InventoryReservation",
    "InventoryStock",
    "Location",
    "StockCount",
    "StockCountLine",
    "StockTransfer",
    "StockTransferLine",
]

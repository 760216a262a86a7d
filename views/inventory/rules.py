"""Links from the records of stock to the screens that work with them."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.admin.pages import Link
from app.admin.rules import TableRules
from app.i18n import gettext as _
from app.security.rights import may


class StockTransferRules(TableRules):
    def record_links(self, row: Any) -> list[Link]:
        if not may("inventory.transfers:read"):
            return []
        url = url_for("TransfersView.show", transfer_id=row.id)
        label = _("Receive") if row.status == "in_transit" else _("What was sent")
        return [Link(label, url, "truck-delivery")]


class StockCountRules(TableRules):
    def record_links(self, row: Any) -> list[Link]:
        if not may("inventory.counts:read"):
            return []
        links = [Link(_("Review"), url_for("CountsView.review", count_id=row.id), "list-check")]
        if row.status == "open":
            url = url_for("CountsView.count", count_id=row.id)
            links.insert(0, Link(_("Count"), url, "barcode"))
        return links


class StockRules(TableRules):
    def record_links(self, row: Any) -> list[Link]:
        if not may("inventory.kardex:read"):
            return []
        place = {"variant_id": row.variant_id, "location_id": row.location_id}
        return [Link(_("Kardex"), url_for("KardexView.page", **place), "book")]

"""Links from the records of orders to the screens that work with them."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.admin.pages import Link
from app.admin.rules import TableRules
from app.i18n import gettext as _
from app.security.rights import may


class OrderRules(TableRules):
    def record_links(self, row: Any) -> list[Link]:
        if not may("sales.order_desk:read"):
            return []
        url = url_for("OrderDeskView.show", order_id=row.id)
        return [Link(_("Next step and payment"), url, "arrow-right")]


class OrderApprovalRules(TableRules):
    def record_links(self, row: Any) -> list[Link]:
        if row.status != "pending" or not may("sales.approvals:read"):
            return []
        return [Link(_("Answer"), url_for("ApprovalsView.inbox"), "rubber-stamp")]

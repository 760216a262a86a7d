"""Links from the records of orders to the screens that work with them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.admin.pages import Link
from app.admin.rules import TableRules
from app.db import session
from app.i18n import gettext as _
from app.security.rights import may
from models.sales import OrderStatusTransition
from models.sunat import ElectronicDocument
from views.sunat.links import document_links


class OrderRules(TableRules):
    """The next step of an order; its goods may come back and it may be given up, where its state
    allows it."""

    def record_links(self, row: Any) -> list[Link]:
        links = []
        if may("sales.order_desk:read"):
            url = url_for("OrderDeskView.show", order_id=row.id)
            links.append(Link(_("Next step and payment"), url, "arrow-right"))
        links += document_links(ElectronicDocument.order_id == row.id)
        step = OrderStatusTransition
        following = session().scalars(
            sa.select(step.to_status).where(step.from_status == row.status)
        )
        return links + ways_back(row.id, set(following))


def ways_back(order_id: int, states: set[str]) -> list[Link]:
    """Screens that take the goods of an order back, or give it up, as far as the person may."""
    wanted = (
        ("returned", "sales.returns:read", "ReturnsView.order", _("Return"), "package-import"),
        ("cancelled", "sales.orders:cancel", "CancelView.page", _("Cancel order"), "ban"),
    )
    return [
        Link(label, url_for(endpoint, order_id=order_id), icon)
        for state, right, endpoint, label, icon in wanted
        if state in states and may(right)
    ]


class OrderApprovalRules(TableRules):
    def record_links(self, row: Any) -> list[Link]:
        if row.status != "pending" or not may("sales.approvals:read"):
            return []
        return [Link(_("Answer"), url_for("ApprovalsView.inbox"), "rubber-stamp")]

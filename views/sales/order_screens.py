"""The screens of orders and promotions, before the tables of sales in the menu."""

from __future__ import annotations

from typing import Any

CATEGORY = "sales"


def register_order_screens(appbuilder: Any) -> None:
    """Register them in the menu of the tables of sales, which must be there, ahead of those."""
    from views.sales.coupon_batches import CouponBatchesView
    from views.sales.order_approvals import ApprovalsView
    from views.sales.order_builder import OrderBuilderView
    from views.sales.order_desk import OrderDeskView
    from views.sales.promotions import PromotionBuilderView

    menu = appbuilder.menu.find(CATEGORY)
    tables = list(menu.childs)
    for view, name, icon in (
        (OrderBuilderView, "New order", "phone-incoming"),
        (ApprovalsView, "Approvals", "rubber-stamp"),
        (PromotionBuilderView, "Promotion builder", "wand"),
        (CouponBatchesView, "Coupon batches", "ticket"),
    ):
        appbuilder.add_view(view, name, icon=icon, category=CATEGORY)
    menu.childs.sort(key=lambda entry: entry in tables)
    appbuilder.add_view_no_menu(OrderDeskView)

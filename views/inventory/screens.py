"""The hand-made screens of stock, before its tables in the menu."""

from __future__ import annotations

from typing import Any

CATEGORY = "inventory"


def register_inventory_screens(appbuilder: Any) -> None:
    """Register them in the menu of the tables of stock, which must be there, ahead of those."""
    from views.inventory.counts import CountsView
    from views.inventory.entry import AdjustingView, ReceivingView
    from views.inventory.kardex import KardexView
    from views.inventory.products import StockProductsView
    from views.inventory.replenishment import ReplenishmentView
    from views.inventory.transfers import TransfersView

    menu = appbuilder.menu.find(CATEGORY)
    tables = list(menu.childs)
    for view, name, icon in (
        (ReceivingView, "Receive goods", "package-import"),
        (AdjustingView, "Correct stock", "adjustments"),
        (TransfersView, "Transfers", "truck-delivery"),
        (CountsView, "Stock counts", "clipboard-list"),
        (ReplenishmentView, "Replenishment", "shopping-cart-plus"),
        (KardexView, "Kardex", "book"),
    ):
        appbuilder.add_view(view, name, icon=icon, category=CATEGORY)
    menu.childs.sort(key=lambda entry: entry in tables)
    appbuilder.add_view_no_menu(StockProductsView)

"""The screens of the till, in the order of the menu."""

from __future__ import annotations

from typing import Any


def register_sales_screens(appbuilder: Any) -> None:
    """Register till, receipts, returns, cash sessions with their reports, saved carts."""
    from views.sales.cancel import CancelView
    from views.sales.carts import SavedCartsView
    from views.sales.cash import CashView
    from views.sales.cash_report import CashReportView
    from views.sales.issuing import IssuingView
    from views.sales.receipt import ReceiptView
    from views.sales.returns import ReturnsView
    from views.sales.till import TillView

    appbuilder.add_view(TillView, "Till", icon="cash-register")
    appbuilder.add_view(CashView, "Cash session", icon="coins")
    appbuilder.add_view(ReturnsView, "Returns", icon="receipt-refund")
    appbuilder.add_view_no_menu(CancelView)
    appbuilder.add_view_no_menu(IssuingView)
    appbuilder.add_view_no_menu(CashReportView)
    appbuilder.add_view_no_menu(ReceiptView)
    appbuilder.add_view_no_menu(SavedCartsView)

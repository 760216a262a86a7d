"""The screens of customers that aren't made from their tables."""

from __future__ import annotations

from typing import Any


def register_customer_screens(appbuilder: Any) -> None:
    """Register the overview of a customer and the merging of two."""
    from views.customers.merge import MergeView
    from views.customers.overview import OverviewView

    appbuilder.add_view_no_menu(OverviewView)
    appbuilder.add_view(
        MergeView,
        "Merge customers",
        icon="arrow-merge",
        category="customers",
    )

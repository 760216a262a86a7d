"""The hand-made screens of the catalogue."""

from __future__ import annotations

from typing import Any


def register_catalog_screens(appbuilder: Any) -> None:
    """Register bulk prices and labels in the menu of the catalogue, whose tables must be there."""
    from views.catalog.labels import LabelsView
    from views.catalog.prices import PricesView
    from views.catalog.variants import VariantsView

    appbuilder.add_view(PricesView, "Change prices", icon="tags", category="catalog")
    appbuilder.add_view(LabelsView, "Labels", icon="printer", category="catalog")
    appbuilder.add_view_no_menu(VariantsView)

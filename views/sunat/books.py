"""Where the registers stand in the menu of the electronic documents."""

from __future__ import annotations

from typing import Any

CATEGORY = "sunat"


def register_document_books(appbuilder: Any) -> None:
    """Register them in the menu of the tables, which must be there, ahead of those."""
    from views.sunat.differences import DifferencesView
    from views.sunat.register import RegisterView

    menu = appbuilder.menu.find(CATEGORY)
    tables = list(menu.childs)
    for view, name, icon in (
        (RegisterView, "Sales register", "book-2"),
        (DifferencesView, "Differences with SUNAT", "arrows-diff"),
    ):
        appbuilder.add_view(view, name, icon=icon, category=CATEGORY)
    menu.childs.sort(key=lambda entry: entry in tables)

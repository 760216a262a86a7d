"""The hand-made screens of electronic documents among their tables in the menu."""

from __future__ import annotations

from typing import Any

CATEGORY = "sunat"


def register_document_screens(appbuilder: Any) -> None:
    """The board of a day goes before the tables, which must be there, the credentials after."""
    from views.sunat.credentials import CredentialsView
    from views.sunat.day import DayView
    from views.sunat.document_actions import DocumentActionsView
    from views.sunat.note import NoteView

    menu = appbuilder.menu.find(CATEGORY)
    others = list(menu.childs)
    appbuilder.add_view(DayView, "Documents of a day", icon="calendar-stats", category=CATEGORY)
    menu.childs.sort(key=lambda entry: entry in others)
    appbuilder.add_view(
        CredentialsView, "Billing credentials", icon="certificate", category=CATEGORY
    )
    appbuilder.add_view_no_menu(DocumentActionsView)
    appbuilder.add_view_no_menu(NoteView)

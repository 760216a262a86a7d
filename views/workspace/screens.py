"""The hand-made screens of the frame: search, favourites, looks, and the first steps."""

from __future__ import annotations

from typing import Any


def register_workspace_screens(appbuilder: Any) -> None:
    """Reached from the frame of each page; none is in the menu."""
    from views.setup.screens import SetupView
    from views.workspace.commands import register_commands
    from views.workspace.favourites import FavouritesView
    from views.workspace.own_look import OwnLookView
    from views.workspace.search import SearchView

    appbuilder.add_view_no_menu(SetupView)
    appbuilder.add_view_no_menu(SearchView)
    appbuilder.add_view_no_menu(FavouritesView)
    appbuilder.add_view_no_menu(OwnLookView)
    register_commands()

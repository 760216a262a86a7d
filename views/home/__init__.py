"""The start page: figures, what waits for the reader, ways to go on."""

from views.home.screens import HomeView

__all__ = ["HomeView"]

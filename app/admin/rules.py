"""Rules and links that one table adds to its generated screens and API."""

from __future__ import annotations

from typing import Any, ClassVar

from markupsafe import Markup

from app.admin.pages import BulkAction, Link


class TableRules:
    """Subclass it in ``views/<domain>/rules.py`` and name it in the table's entry.

    Hooks run inside the saving transaction; raising DomainError refuses the change, with messages
    beside the fields in ``error.fields``. ``sets`` names required read-only columns that
    ``before_save`` fills in (a number); without them a table that has such columns can't be added
    to by hand.
    """

    sets: ClassVar[frozenset[str]] = frozenset()

    def before_save(self, row: Any, *, adding: bool) -> None:
        """After the values were set, before they are written."""

    def before_delete(self, row: Any) -> None:
        """Before the row is deleted."""

    def record_links(self, row: Any) -> list[Link]:
        """Buttons on the record page, for operations of this table."""
        del row
        return []

    def list_actions(self) -> list[BulkAction]:
        """What else can be done with the rows that are ticked on the list: operations of this
        table, to whose URL their keys are posted (``app.admin.bulk.selection``)."""
        return []

    def show(self, row: Any, name: str) -> Markup | None:
        """A column's value on the record page, where it wants words of its own."""
        del row, name
        return None

"""Rules and links that one table adds to its generated screens and API."""

from __future__ import annotations

from typing import Any, ClassVar

from markupsafe import Markup

from app.admin.pages import Link


class TableRules:
    """Subclass it in ``views/<domain>/rules.py`` and name it in the table's entry.

    Hooks run inside the saving transaction; raising DomainError refuses the change, with messages
    beside the fields in ``error.fields``. ``sets`` names required read-only columns that
    ``before_save`` fills in (a number); without them a table that has such columns can't be added
    to by hand. ``only_checks`` says that ``before_save`` looks at the row's own values and changes
    none: an import may then write many rows in one statement.
    """

    sets: ClassVar[frozenset[str]] = frozenset()
    only_checks: ClassVar[bool] = False

    def before_save(self, row: Any, *, adding: bool) -> None:
        """After the values were set, before they are written."""

    def before_delete(self, row: Any) -> None:
        """Before the row is deleted."""

    def record_links(self, row: Any) -> list[Link]:
        """Buttons on the record page, for operations of this table."""
        del row
        return []

    def record_parts(self, row: Any) -> dict[str, Any]:
        """What the table's ``record_template`` shows besides the page."""
        del row
        return {}

    def selection_links(self) -> list[Link]:
        """Operations on rows that are selected on the list: ``url`` is an endpoint that takes the
        form (:func:`app.admin.bulk.selection.read_selection`)."""
        return []

    def cell(self, row: Any, name: str) -> Markup | None:
        """A column's value on the list, where it wants more than the value; costs no statement."""
        del row, name
        return None

    def show(self, row: Any, name: str) -> Markup | None:
        """A column's value on the record page, where it wants words of its own."""
        del row, name
        return None

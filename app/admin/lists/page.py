"""From rows to the page that shows them."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.admin.bulk.bar import bulk_bar, editable_names, inline_url
from app.admin.cells import cell
from app.admin.describe import Description, Field
from app.admin.lists.address import Address
from app.admin.lists.chips import filter_box
from app.admin.lists.listing import Page
from app.admin.lists.request import SIZES, ListRequest
from app.admin.lists.settings import ListSettings
from app.admin.lists.shortcuts import shortcuts
from app.admin.lists.tree import Condition
from app.admin.lists.view_menu import views_menu
from app.admin.pages import Column, ListPage, Row
from app.i18n import gettext as _
from models.base import Base


class ListPageBuilder:
    """Draws one list of one view; ``columns`` are the fields shown.

    ``screen`` is the page that its links lead to: another view of the same rows shares the tools.
    """

    def __init__(
        self, view: Any, wanted: ListRequest, columns: list[Field], screen: str = "list"
    ) -> None:
        self.view, self.wanted, self.columns, self.screen = view, wanted, columns, screen
        self.address = Address(f"{view.endpoint}.{screen}")
        self.description: Description = view.datamodel.description
        self.may_edit = view.may("edit") and not wanted.in_trash
        self.editable = editable_names(view) if self.may_edit else frozenset[str]()
        self.may_copy = view.may("add") and not wanted.in_trash
        self.rules = view.table.rules()

    def build(
        self, page: Page, count: tuple[int, bool], settings: ListSettings | None = None
    ) -> ListPage:
        settings = settings or ListSettings()
        first, last = self._position(len(page.rows), count[0], page)
        may, url = self.view.may, self.address.url
        searched = [_(self.description.fields[name].label) for name in self.view.table.searched]
        views = views_menu(self.view, self.screen, self.address, self.wanted)
        return ListPage(
            title=_(self.description.plural),
            icon=self.view.table.icon,
            domain=_(self.view.domain.label),
            columns=tuple(self._column(field) for field in self.columns),
            rows=tuple(self._row(row) for row in page.rows),
            count=count[0],
            count_is_estimate=count[1],
            first=first,
            last=last,
            list_url=url_for(self.address.endpoint),
            add_url=self._add_url() if may("add") and not self.wanted.in_trash else "",
            first_url=url() if page.before else "",
            previous_url=url(before=page.before) if page.before else "",
            next_url=url(after=page.after) if page.after else "",
            search=self.wanted.search,
            searches=", ".join(searched),
            can_search=bool(searched),
            filter=filter_box(
                self.wanted, self.description, self.address, self._at("list_filters")
            ),
            clear_url=self.address.unfiltered(),
            hidden_args=self.address.pairs("q"),
            page_size=self.wanted.size or settings.size,
            page_sizes=SIZES,
            address=url(),
            settings_url=self._at("list_settings"),
            columns_url=self._beside("list_columns"),
            count_url=self._beside("list_count"),
            totals_url=self._beside("list_totals"),
            views=views,
            shortcuts=tuple(shortcuts(self.view.table, self.address, self.wanted)),
            trash_url=self._trash_url() if may("restore") else "",
            in_trash=self.wanted.in_trash,
            read_only=self.view.read_only,
            bulk=bulk_bar(self.view, in_trash=self.wanted.in_trash),
            export_url=self._beside("export") if may("export") else "",
            import_url=self._at("imports") if may("imports") else "",
        )

    def _at(self, screen: str) -> str:
        return url_for(f"{self.view.endpoint}.{screen}")

    def _beside(self, screen: str) -> str:
        """Another screen about the same rows."""
        return self.address.elsewhere(f"{self.view.endpoint}.{screen}")

    def _trash_url(self) -> str:
        return self.address.url(trash="" if self.wanted.in_trash else 1)

    def _add_url(self) -> str:
        """An add form that starts with what the list is filtered by."""
        equal: dict[str, Any] = {
            part.column: part.value
            for part in self.wanted.conditions.parts
            if isinstance(part, Condition) and part.operator == "eq"
        }
        return url_for(f"{self.view.endpoint}.add", **equal)

    def _position(self, shown: int, count: int, page: Page) -> tuple[int, int]:
        """Row numbers of a keyset page are known at both ends only; 0 means unknown."""
        if not page.before:
            return (1 if shown else 0), shown
        if not page.after:
            return max(count - shown + 1, 1), count
        return 0, 0

    def _column(self, field: Field) -> Column:
        order = self.wanted.order
        here = order.column == field.name
        direction = ("desc" if order.descending else "asc") if here else ""
        target = f"-{field.name}" if direction == "asc" else field.name
        return Column(
            name=field.name,
            label=_(field.label),
            sort_url=self.address.url(sort=target) if field.sortable else "",
            sorted=direction,
            numeric=field.numeric,
            editable=field.name in self.editable,
        )

    def _row(self, row: Base) -> Row:
        pk = self.view.datamodel.key_of(row)
        return Row(
            pk=pk,
            url=url_for(f"{self.view.endpoint}.show", pk=pk),
            cells=tuple(self.rules.cell(row, f.name) or cell(row, f) for f in self.columns),
            edit_url=url_for(f"{self.view.endpoint}.edit", pk=pk) if self.may_edit else "",
            copy_url=url_for(f"{self.view.endpoint}.add", copy=pk) if self.may_copy else "",
            inline_url=inline_url(self.view, pk) if self.editable else "",
            deleted=self.wanted.in_trash,
        )

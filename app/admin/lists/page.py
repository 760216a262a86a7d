"""From rows to the page that shows them."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.admin.access import may_choose, readable
from app.admin.cells import cell
from app.admin.describe import Description, Field
from app.admin.lists.filters import FilterConverter
from app.admin.lists.listing import Page
from app.admin.lists.request import SIZES, ActiveFilter, ListRequest
from app.admin.pages import Column, FilterChip, FilterField, Link, ListPage, Row
from app.admin.titles import title_of
from app.i18n import gettext as _
from models.base import Base

PAGING = ("after", "before")


class ListPageBuilder:
    """Draws one list of one view; ``columns`` are the fields shown.

    ``screen`` is the page that its links lead to: another view of the same rows shares the tools.
    """

    def __init__(
        self, view: Any, wanted: ListRequest, columns: list[Field], screen: str = "list"
    ) -> None:
        self.view, self.wanted, self.columns = view, wanted, columns
        self.here = f"{view.endpoint}.{screen}"
        self.description: Description = view.datamodel.description
        self.may_edit = view.may("edit") and not wanted.in_trash

    def build(self, page: Page, count: tuple[int, bool]) -> ListPage:
        first, last = self._position(len(page.rows), count[0], page)
        may = self.view.may
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
            list_url=url_for(self.here),
            add_url=self._add_url() if may("add") and not self.wanted.in_trash else "",
            first_url=self._url() if page.before else "",
            previous_url=self._url(before=page.before) if page.before else "",
            next_url=self._url(after=page.after) if page.after else "",
            search=self.wanted.search,
            searches=", ".join(
                _(self.description.fields[c].label) for c in self.view.table.searched
            ),
            can_search=bool(self.view.table.searched),
            chips=tuple(self._chip(active) for active in self.wanted.filters),
            clear_url=url_for(self.here),
            filters=tuple(self._filter_fields()),
            hidden_args=tuple(
                (name, value)
                for name, value in request.args.items(multi=True)
                if name != "q" and name not in PAGING
            ),
            page_size=self.wanted.size,
            page_sizes=tuple(Link(str(size), self._url(size=size)) for size in SIZES),
            trash_url=self._trash_url() if may("restore") else "",
            in_trash=self.wanted.in_trash,
            read_only=self.view.read_only,
        )

    def _url(self, **changes: Any) -> str:
        args: dict[str, Any] = {
            name: request.args.getlist(name) for name in request.args if name not in PAGING
        }
        args |= {name: [str(value)] for name, value in changes.items() if value}
        for name in (name for name, value in changes.items() if not value):
            args.pop(name, None)
        return url_for(self.here, **args)

    def _trash_url(self) -> str:
        return self._url(trash="" if self.wanted.in_trash else 1)

    def _add_url(self) -> str:
        """An add form that starts with what the list is filtered by."""
        equal: dict[str, Any] = {
            active.filter.column_name: active.value
            for active in self.wanted.filters
            if active.filter.arg_name == "eq"
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
            sort_url=self._url(sort=target) if field.sortable else "",
            sorted=direction,
            numeric=field.numeric,
        )

    def _row(self, row: Base) -> Row:
        pk = self.view.datamodel.key_of(row)
        return Row(
            pk=pk,
            url=url_for(f"{self.view.endpoint}.show", pk=pk),
            cells=tuple(cell(row, field) for field in self.columns),
            edit_url=url_for(f"{self.view.endpoint}.edit", pk=pk) if self.may_edit else "",
            deleted=self.wanted.in_trash,
        )

    def _chip(self, active: ActiveFilter) -> FilterChip:
        field = self.description.fields[active.filter.column_name]
        value = self._value_in_words(field, active) if active.filter.takes_value else ""
        label = f"{_(field.label)} {active.filter.name} {value}".strip()
        args: dict[str, Any] = {
            name: [
                v
                for v in request.args.getlist(name)
                if (name, v) != (active.argument, active.value)
            ]
            for name in request.args
            if name not in PAGING
        }
        return FilterChip(label, url_for(self.here, **args))

    def _value_in_words(self, field: Field, active: ActiveFilter) -> str:
        if field.kind == "choice":
            return _(field.choices.get(active.value, active.value))
        if field.kind == "boolean":
            return _("Yes") if active.value.lower() in ("1", "true", "yes") else _("No")
        if field.target is not None:
            row = self.view.datamodel.__class__(field.target).find(active.value, deleted=True)
            return title_of(row) if row is not None else active.value
        return active.value

    def _filter_fields(self) -> list[FilterField]:
        converter = FilterConverter(self.view.datamodel)
        found = []
        for field in readable(self.description):
            operators = converter.convert(field.name)
            if operators:
                found.append(self._filter_field(field, operators))
        return found

    def _filter_field(self, field: Field, operators: list[Any]) -> FilterField:
        lookup = ""
        if field.kind == "relation" and may_choose(field):
            lookup = url_for(f"{self.view.endpoint}.lookup", name=field.name)
        kinds = {"integer": "number", "decimal": "number", "boolean": "bool"}
        simple = ("date", "datetime", "choice", "relation")
        options = tuple((value, _(label)) for value, label in field.choices.items())
        if field.kind == "boolean":
            options = (("true", _("Yes")), ("false", _("No")))
        return FilterField(
            name=field.name,
            label=_(field.label),
            kind=kinds.get(field.kind, field.kind if field.kind in simple else "text"),
            operators=tuple((item.arg_name, str(item.name)) for item in operators),
            options=options,
            lookup_url=lookup,
        )

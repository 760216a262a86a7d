"""The screens of many rows: the list, related lists of a record, look-ups of selects."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, jsonify, redirect, request
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import has_access_api, permission_name
from werkzeug.datastructures import MultiDict

from app.admin.access import may_see, readable
from app.admin.describe import Field
from app.admin.lists.filters import FilterConverter, FilterError
from app.admin.lists.listing import Listing, Page
from app.admin.lists.lookup import search_rows
from app.admin.lists.page import ListPageBuilder
from app.admin.lists.request import ListRequest, apply, read_list_request
from app.admin.lists.settings import ListSettings, read_settings
from app.admin.lists.view_menu import default_view, url_of_view
from app.admin.screens import TableScreens
from app.security.rights import may_read

DEFAULT_COLUMNS = 7
IN_TRASH = ("deleted_at", "deleted_by", "deletion_reason")
HIDDEN_ON_LISTS = frozenset({"id", "created_at", "updated_at", "version", "deleted_by"})

# The view's own method `list` hides the type inside the class.
Fields = list[Field]
Sentences = list[str]


class ListScreens(TableScreens):
    """Mixed into the generated view of a table."""

    @property
    def columns(self) -> Fields:
        """The columns of the list, of those that the person may see."""
        fields = self.description.fields
        if self.table.list_columns:
            return [fields[name] for name in self.table.list_columns if may_see(fields[name])]
        shown = [
            f for f in readable(self.description) if f.name not in HIDDEN_ON_LISTS and not f.wide
        ]
        return shown[:DEFAULT_COLUMNS]

    def chosen_columns(self, wanted: ListRequest, settings: ListSettings | None = None) -> Fields:
        """The columns that the address names, else those that the person has chosen, else the
        table's; only such as the person may see."""
        settings = settings or read_settings(self.description.resource)
        seen = {field.name: field for field in readable(self.description)}
        if found := [seen[name] for name in dict.fromkeys(wanted.columns) if name in seen]:
            return found
        chosen = [seen[name] for name in dict.fromkeys(settings.columns) if name in seen]
        columns = chosen or self.columns
        if not wanted.in_trash:
            return columns
        return columns + [seen[n] for n in IN_TRASH if n in seen and seen[n] not in columns]

    @expose("/list/")
    @has_access
    def list(self) -> Any:
        settings = read_settings(self.description.resource)
        if not request.args and (default := default_view(self, settings)) is not None:
            return redirect(url_of_view(self, default))
        wanted, listing, mistakes = self.filtered(request.args)
        columns = self.chosen_columns(wanted, settings)
        size = wanted.size or settings.size
        page, count = self._read(listing, columns, wanted, mistakes, size)
        shown = ListPageBuilder(self, wanted, columns).build(page, count, settings)
        return self.render_template("admin/list.html", page=shown)

    @expose("/related/<name>/<pk>")
    @has_access
    @permission_name("related")
    def related(self, name: str, pk: str) -> Any:
        """The rows whose foreign key ``name`` is ``pk``, as a fragment for a record page."""
        field = self.description.fields.get(name)
        if field is None or field.target is None or not may_see(field):
            abort(404)
        columns = [column for column in self.columns if column.name != name]
        wanted, listing, mistakes = self.filtered(request.args, {name: pk})
        size = wanted.size or ListSettings().size
        page, count = self._read(listing, columns, wanted, mistakes, size)
        shown = ListPageBuilder(self, wanted, columns).build(page, count)
        return self.render_template("admin/related.html", page=shown)

    def filtered(
        self, args: MultiDict[str, str], fixed: dict[str, str] | None = None
    ) -> tuple[ListRequest, Listing, Sentences]:
        """What a list's address asks for, the rows that match, and what was wrong with it.

        ``fixed`` are further conditions, column = value. For everything that works on "the rows of
        this list": the list itself, bulk changes, exports, boards.
        """
        order = self.table.default_order
        wanted = read_list_request(args, self.description, self.datamodel, order)
        listing = Listing(self.description, in_trash=wanted.in_trash)
        mistakes = apply(wanted, listing, self.table.searched)
        for name, value in (fixed or {}).items():
            equal = FilterConverter(self.datamodel).find(name, "eq")
            if equal is None:
                abort(404)
            listing.statement = equal.apply(listing.statement, value)
        return wanted, listing, mistakes

    def _read(
        self,
        listing: Listing,
        columns: Fields,
        wanted: ListRequest,
        mistakes: Sentences,
        size: int,
    ) -> tuple[Page, tuple[int, bool]]:
        """The page asked for, and the count; says what couldn't be used of the address."""
        listing.show(columns)
        page = self._read_page(listing, wanted, mistakes, size)
        count = listing.count(page)
        for mistake in mistakes:
            flash(mistake, "warning")
        return page, count

    def _read_page(
        self, listing: Listing, wanted: ListRequest, mistakes: Sentences, size: int
    ) -> Page:
        """The page asked for; the first one where its rows are gone or its link is damaged."""
        try:
            page = listing.page(wanted.order, size, after=wanted.after, before=wanted.before)
            if page.rows or not (wanted.after or wanted.before):
                return page
        except FilterError as error:
            mistakes.append(error.message)
        return listing.page(wanted.order, size)

    @expose("/lookup/<name>")
    @has_access_api
    @permission_name("lookup")
    def lookup(self, name: str) -> Any:
        """Choices of a foreign key by title, for searchable selects."""
        field = self.description.fields.get(name)
        if field is None or field.target is None or not may_see(field):
            abort(404)
        if not may_read(field.target):
            abort(403)
        page = request.args.get("page", 1, type=int)
        return jsonify(search_rows(field.target, request.args.get("q", ""), page=page or 1))

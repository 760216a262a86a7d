"""The generated screens of one table: list, record, add, edit, delete, restore, look-ups.

FAB's ModelView gives routes, rights and menus; what is shown and saved comes from the table's
description. Saving is one transaction; any refusal brings the form back with the input kept and the
reason beside the field.
"""

from __future__ import annotations

from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_appbuilder import ModelView, expose, has_access
from flask_appbuilder.security.decorators import has_access_api, permission_name
from sqlalchemy.exc import SQLAlchemyError

from app.access.rows import restricted
from app.admin.access import may_see, readable, reader
from app.admin.database_errors import Refusal, explain, explain_deletion, stale_message
from app.admin.describe import Description, Field
from app.admin.filters import FilterConverter, FilterError
from app.admin.form_page import form_page
from app.admin.forms import STAMP, fields_of, form_class, populate, stamp, writable
from app.admin.history import HistoryScreens
from app.admin.interface import AdminInterface
from app.admin.list_page import ListPageBuilder
from app.admin.list_request import apply, read_list_request
from app.admin.listing import Listing, Page
from app.admin.lookup import search_rows
from app.admin.permissions import TablePermissions
from app.admin.record_page import record_page
from app.admin.registry import Domain, Table
from app.admin.titles import title_of
from app.admin.writing import owned_by_me, write
from app.db import atomic
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import may, may_read

DEFAULT_COLUMNS = 7
HIDDEN_ON_LISTS = frozenset({"id", "created_at", "updated_at", "version", "deleted_by"})

# The view's own method `list` hides the type inside the class.
Fields = list[Field]
Sentences = list[str]


class TableView(TablePermissions, HistoryScreens, ModelView):
    """Base of every generated view; ``app.admin.build`` makes the subclasses."""

    datamodel: AdminInterface
    domain: Domain
    table: Table
    # FAB's action routes load rows past the base filters; its download serves any upload.
    exclude_route_methods = {"action", "action_post", "download"}  # noqa: RUF012 - FAB's attribute

    def _init_properties(self) -> None:
        self.related_views: Any = []
        self._related_views: Any = []

    def _init_forms(self) -> None:
        """Forms are made when first shown."""

    def _init_titles(self) -> None:
        """Titles are translated per request."""

    @property
    def description(self) -> Description:
        return self.datamodel.description

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

    def may(self, method: str) -> bool:
        """Whether this table has that screen and the user may use it."""
        if method in self.exclude_route_methods:
            return False
        return may(f"{self.class_permission_name}:{self.get_method_permission(method)}")

    def may_with(self, row: Any, method: str) -> bool:
        """Whether the user may use that screen for this very row."""
        if not self.may(method):
            return False
        action = self.get_method_permission(method)
        if not restricted(self.description.model, reader(), action):
            return True
        return self.datamodel.find(self.datamodel.key_of(row), action, deleted=True) is not None

    def find_or_404(self, pk: str, action: str = "read", *, deleted: bool = False) -> Any:
        """The row with that key, if the user may do ``action`` with it."""
        row = self.datamodel.find(pk, action, deleted=deleted)
        if row is None:
            abort(404)
        return row

    # -- reading

    @expose("/list/")
    @has_access
    def list(self) -> Any:
        return self._render_list("admin/list.html", self.columns)

    @expose("/related/<name>/<pk>")
    @has_access
    @permission_name("related")
    def related(self, name: str, pk: str) -> Any:
        """The rows whose foreign key ``name`` is ``pk``, as a fragment for a record page."""
        field = self.description.fields.get(name)
        if field is None or field.target is None or not may_see(field):
            abort(404)
        columns = [column for column in self.columns if column.name != name]
        return self._render_list("admin/related.html", columns, {name: pk})

    def _render_list(
        self, template: str, columns: Fields, fixed: dict[str, str] | None = None
    ) -> Any:
        converter = FilterConverter(self.datamodel)
        wanted = read_list_request(
            request.args, self.description, converter, self.table.default_order
        )
        listing = Listing(self.description, in_trash=wanted.in_trash)
        mistakes = apply(wanted, listing, self.table.searched)
        for name, value in (fixed or {}).items():
            equal = next(f for f in converter.convert(name) if f.arg_name == "eq")
            listing.statement = equal.apply(listing.statement, value)
        listing.show(columns)
        page = self._read_page(listing, wanted, mistakes)
        count = listing.count(page)
        for mistake in mistakes:
            flash(mistake, "warning")
        shown = ListPageBuilder(self, wanted, columns).build(page, count)
        return self.render_template(template, page=shown)

    def _read_page(self, listing: Listing, wanted: Any, mistakes: Sentences) -> Page:
        """The page asked for; the first one where its rows are gone or its link is damaged."""
        try:
            page = listing.page(wanted.order, wanted.size, after=wanted.after, before=wanted.before)
            if page.rows or not (wanted.after or wanted.before):
                return page
        except FilterError as error:
            mistakes.append(error.message)
        return listing.page(wanted.order, wanted.size)

    @expose("/show/<pk>")
    @has_access
    def show(self, pk: str) -> Any:
        row = self.find_or_404(pk, deleted=self.may("restore"))
        return self.render_template("admin/show.html", page=record_page(self, row))

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

    # -- writing

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        form = self._form(adding=True)
        refusal = None
        if form.validate_on_submit():
            row = self.datamodel.obj()
            refusal = self._save(form, row, adding=True)
            if refusal is None:
                flash(_("%(what)s was added.", what=_(self.description.label)), "success")
                return redirect(self._after_save(row))
        page = form_page(self, form, row=None, refusal=refusal)
        return self.render_template("admin/form.html", page=page), _status(form, refusal)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Any:
        row = self.find_or_404(pk, "update")
        form = self._form(adding=False, row=row)
        refusal = None
        if request.method == "GET":
            form[STAMP].data = stamp(row)
        elif form.validate_on_submit():
            refusal = self._save(form, row, adding=False)
            if refusal is None:
                flash(_("%(what)s was saved.", what=_(self.description.label)), "success")
                return redirect(self._after_save(row))
            row = self.find_or_404(pk, "update")
        page = form_page(self, form, row=row, refusal=refusal)
        return self.render_template("admin/form.html", page=page), _status(form, refusal)

    def _form(self, *, adding: bool, row: Any = None) -> Any:
        endpoint = f"{self.endpoint}.lookup"
        kind = form_class(self.description.model, adding=adding, endpoint=endpoint)
        if adding and request.method == "GET":
            form = kind(formdata=request.args or None, data=owned_by_me(self.description))
        else:
            form = kind(obj=row)
        offered = {field.name for field in writable(self.description, adding=adding)}
        for field in fields_of(self.description, adding=adding):
            if field.name not in offered:
                del form[field.name]
        return form

    def _save(self, form: Any, row: Any, *, adding: bool) -> Refusal | None:
        """Write the form to the row in one transaction; None when it is saved."""
        try:
            with atomic() as session:
                if not adding:
                    session.refresh(row, with_for_update=True)
                    if form[STAMP].data != stamp(row):
                        return Refusal("stale_version", stale_message(), status=409)
                populate(form, row, self.description, adding=adding)
                write(self.table, row, adding=adding)
        except (SQLAlchemyError, DomainError) as error:
            return explain(error, self.description)
        return None

    def _after_save(self, row: Any) -> str:
        if "another" in request.form:
            return url_for(f"{self.endpoint}.add")
        return url_for(f"{self.endpoint}.show", pk=self.datamodel.key_of(row))

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> Any:
        row = self.find_or_404(pk, "delete")
        if request.method == "GET":
            return self.render_template("admin/delete.html", page=record_page(self, row))
        title = title_of(row)
        try:
            with atomic():
                self.table.rules().before_delete(row)
                self.datamodel.delete(row, reason=request.form.get("reason", "")[:500])
        except (SQLAlchemyError, DomainError) as error:
            flash(explain_deletion(error, self.description).message, "danger")
            return redirect(url_for(f"{self.endpoint}.show", pk=pk))
        flash(_("“%(title)s” was deleted.", title=title), "success")
        return redirect(url_for(f"{self.endpoint}.list"))

    @expose("/restore/<pk>", methods=["POST"])
    @has_access
    @permission_name("restore")
    def restore(self, pk: str) -> Any:
        row = self.find_or_404(pk, "delete", deleted=True)
        try:
            self.datamodel.restore(row)
            flash(_("“%(title)s” was restored.", title=title_of(row)), "success")
        except SQLAlchemyError as error:
            flash(explain(error, self.description).message, "danger")
        return redirect(url_for(f"{self.endpoint}.show", pk=pk))


def _status(form: Any, refusal: Refusal | None) -> int:
    if refusal is not None:
        return refusal.status
    return 422 if form.errors else 200

"""Changing one cell of a list in its place."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_appbuilder import expose, has_access
from sqlalchemy.exc import SQLAlchemyError

from app.admin.access import readable
from app.admin.bulk.fields import editable
from app.admin.bulk.value_form import value_form, value_in
from app.admin.cells import cell
from app.admin.database_errors import explain
from app.admin.describe import Field
from app.admin.forms.form import stamp
from app.admin.forms.writing import write
from app.admin.screens import TableScreens
from app.admin.titles import title_of
from app.db import atomic
from app.errors import DomainError
from app.i18n import gettext as _

CONFLICT = 409


class InlineScreens(TableScreens):
    """Mixed into the generated view of a table."""

    @expose("/inline/<pk>/<name>", methods=["GET", "POST"])
    @has_access
    def inline(self, pk: str, name: str) -> Any:
        """The input of one cell, as a fragment; when it is saved, the cells of its row anew.

        ``stamp`` is the state of the row that the input was drawn from: 409 when it is older.
        ``columns`` are the names of the columns that the list shows.
        """
        field = next((f for f in editable(self.description) if f.name == name), None)
        if field is None:
            abort(404)
        row = self.find_or_404(pk, "update")
        if request.method == "GET":
            return self._input(pk, field, value_form(self, field, None, row), stamp(row))
        form = value_form(self, field, request.form, row)
        if not form.validate():
            return self._input(pk, field, form, request.form.get("stamp", "")), 422
        return self._save_cell(pk, row, field, form)

    def _save_cell(self, pk: str, row: Any, field: Field, form: Any) -> Any:
        try:
            with atomic() as session:
                session.refresh(row, with_for_update=True)
                if request.form.get("stamp", "") != stamp(row):
                    return self._stale(pk, row, field), CONFLICT
                setattr(row, field.name, value_in(form, field))
                write(self.table, row, adding=False)
        except (SQLAlchemyError, DomainError) as error:
            refusal = explain(error, self.description)
            message = str(refusal.fields.get(field.name, refusal.message))
            control = form[field.name]
            control.errors = [*control.errors, message]
            return self._input(pk, field, form, request.form.get("stamp", "")), refusal.status
        return self._row(pk)

    def _stale(self, pk: str, row: Any, field: Field) -> Any:
        """The input anew, with the value that somebody else saved meanwhile."""
        form = value_form(self, field, None, row)
        message = _("Somebody else changed this record meanwhile; this is what it says now.")
        form[field.name].errors = [message]
        return self._input(pk, field, form, stamp(row))

    def _input(self, pk: str, field: Field, form: Any, state: str) -> Any:
        return self.render_template(
            "admin/inline.html",
            control=form[field.name],
            field=field,
            label=_(field.label),
            state=state,
            url=request.path,
            pk=pk,
        )

    def _row(self, pk: str) -> Any:
        """The cells that the list shows of the row, as it is now."""
        row = self.find_or_404(pk)
        shown = {field.name: field for field in readable(self.description)}
        names = [name for name in request.form.getlist("columns") if name in shown]
        cells = [(name, cell(row, shown[name])) for name in names]
        return self.render_template("admin/inline_row.html", cells=cells, title=title_of(row))

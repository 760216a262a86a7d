"""The screens that add and change a row: one transaction, refusals beside the field."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy.exc import SQLAlchemyError

from app.admin.database_errors import Refusal, explain, stale_message
from app.admin.forms.form import STAMP, fields_of, form_class, populate, stamp, writable
from app.admin.forms.page import form_page
from app.admin.forms.writing import owned_by_me, write
from app.admin.screens import TableScreens
from app.db import atomic
from app.errors import DomainError
from app.i18n import gettext as _


class FormScreens(TableScreens):
    """Mixed into the generated view of a table."""

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


def _status(form: Any, refusal: Refusal | None) -> int:
    if refusal is not None:
        return refusal.status
    return 422 if form.errors else 200

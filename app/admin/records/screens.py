"""The screens of one row: its page, deleting and restoring it."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name
from sqlalchemy.exc import SQLAlchemyError

from app.admin.bulk.dependants import dependants_of_row
from app.admin.database_errors import explain, explain_deletion
from app.admin.records.page import record_page
from app.admin.records.related import COUNTED, count_related
from app.admin.records.timeline_page import timeline_page
from app.admin.screens import TableScreens
from app.admin.titles import title_of
from app.db import atomic
from app.errors import DomainError
from app.i18n import gettext as _
from app.shell import remember_visit


class RecordScreens(TableScreens):
    """Mixed into the generated view of a table."""

    @expose("/show/<pk>")
    @has_access
    def show(self, pk: str) -> Any:
        row = self.find_or_404(pk, deleted=self.may("restore"))
        page = record_page(self, row)
        if not page.deleted:
            remember_visit(self.description.resource, self.datamodel.key_of(row), page.title)
        parts = self.table.rules().record_parts(row)
        return self.render_template(self.table.record_template, page=page, **parts)

    @expose("/timeline/<pk>")
    @has_access
    @permission_name("timeline")
    def timeline(self, pk: str) -> Any:
        """What happened around the record, as a fragment for its page."""
        row = self.find_or_404(pk, deleted=self.may("restore"))
        page = timeline_page(self, row, request.args)
        return self.render_template("admin/timeline.html", page=page)

    @expose("/related_counts/<pk>")
    @has_access
    @permission_name("related_counts")
    def related_counts(self, pk: str) -> Any:
        """How long the related lists are, by name, as JSON."""
        row = self.find_or_404(pk, deleted=self.may("restore"))
        key = getattr(row, self.description.keys[0])
        return jsonify(counts=count_related(self, key), counted=COUNTED)

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> Any:
        row = self.find_or_404(pk, "delete")
        if request.method == "GET":
            purges = not self.description.soft_delete
            found = dependants_of_row(self, row, purges=purges)
            page = record_page(self, row)
            return self.render_template("admin/delete.html", page=page, dependants=found)
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

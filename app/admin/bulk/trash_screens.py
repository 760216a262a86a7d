"""Deleting a record of the trash for good."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy.exc import SQLAlchemyError

from app.admin.bulk.dependants import dependants_of_row
from app.admin.database_errors import explain_deletion
from app.admin.records.page import record_page
from app.admin.screens import TableScreens
from app.admin.titles import title_of
from app.db import atomic
from app.errors import DomainError
from app.i18n import gettext as _


class TrashScreens(TableScreens):
    """Mixed into the generated view of a table that keeps deleted rows."""

    @expose("/purge/<pk>", methods=["GET", "POST"])
    @has_access
    def purge(self, pk: str) -> Any:
        row = self.find_or_404(pk, "purge", deleted=True)
        show = url_for(f"{self.endpoint}.show", pk=pk)
        if row.deleted_at is None:
            flash(_("Only what is in the trash can be deleted for good."), "warning")
            return redirect(show)
        if request.method == "GET":
            page = record_page(self, row)
            found = dependants_of_row(self, row, purges=True)
            return self.render_template("admin/purge.html", page=page, dependants=found)
        title = title_of(row)
        try:
            with atomic():
                self.datamodel.purge(row)
        except (SQLAlchemyError, DomainError) as error:
            flash(explain_deletion(error, self.description).message, "danger")
            return redirect(show)
        flash(_("“%(title)s” was deleted for good.", title=title), "success")
        return redirect(url_for(f"{self.endpoint}.list", trash=1))

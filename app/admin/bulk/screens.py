"""The screens that change many rows of a list: ask, show what will be, do it, tell what failed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from sqlalchemy.exc import SQLAlchemyError

from app.admin.bulk.asks import Ask, DeleteAsk, EditAsk, PurgeAsk, RestoreAsk, TagAsk
from app.admin.bulk.changes import Change
from app.admin.bulk.errors import SelectionChangedError, SelectionError
from app.admin.bulk.fields import settable, tag_lists
from app.admin.bulk.page import bulk_page, list_url, result_page
from app.admin.bulk.run import AT_ONCE, Outcome, change_at_once
from app.admin.bulk.selection import Scope, SelectedRows, Selection, read_selection
from app.admin.bulk.work import KIND
from app.admin.database_errors import explain
from app.admin.screens import TableScreens
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.background import start_work


class BulkScreens(TableScreens):
    """Mixed into the generated view of a table."""

    @expose("/bulk/edit", methods=["POST"])
    @has_access
    def bulk_edit(self) -> Any:
        if not settable(self.description):
            return self._leave(_("There is nothing here that you may change."))
        return self._bulk(EditAsk(self, request.form))

    @expose("/bulk/tag", methods=["POST"])
    @has_access
    def bulk_tag(self) -> Any:
        if not tag_lists(self.description):
            return self._leave(_("There is nothing here that you may change."))
        return self._bulk(TagAsk(self, request.form))

    @expose("/bulk/delete", methods=["POST"])
    @has_access
    def bulk_delete(self) -> Any:
        return self._bulk(DeleteAsk(self, request.form))

    @expose("/bulk/restore", methods=["POST"])
    @has_access
    def bulk_restore(self) -> Any:
        return self._bulk(RestoreAsk(self, request.form))

    @expose("/bulk/purge", methods=["POST"])
    @has_access
    def bulk_purge(self) -> Any:
        return self._bulk(PurgeAsk(self, request.form))

    def _bulk(self, ask: Ask) -> Any:
        selection = read_selection(request.args, request.form)
        of_trash = ask.method in ("bulk_restore", "bulk_purge")
        action = "delete" if ask.method == "bulk_restore" else self._asked_action(ask)
        try:
            rows = SelectedRows(self, selection, action)
        except SelectionError as error:
            return self._leave(error.message)
        scope = rows.scope()
        if of_trash != selection.in_trash or not scope.allowed:
            return self._leave(_nothing(selection, scope), selection)
        change = ask.change()
        if request.form.get("step") != "run" or change is None:
            shown = change if _is_ready(ask) else None
            answered = request.form.get("step", "") != "" and change is None
            return self._ask(ask, selection, rows, shown), 422 if answered else 200
        return self._run(ask, selection, rows, change)

    def _asked_action(self, ask: Ask) -> str:
        return str(self.get_method_permission(ask.method))

    def _run(self, ask: Ask, selection: Selection, rows: SelectedRows, change: Change) -> Any:
        expected = request.form.get("expected", 0, type=int)
        try:
            if expected > AT_ONCE:
                return self._start_work(ask, selection, change, expected)
            together = request.form.get("mode") != "others"
            outcome = change_at_once(rows, change, expected=expected, all_or_nothing=together)
        except SelectionChangedError as error:
            return self._ask(ask, selection, rows, change, error.message), 409
        except (SQLAlchemyError, DomainError) as error:
            refusal = explain(error, self.description)
            return self._ask(ask, selection, rows, change, refusal.message), refusal.status
        return self._tell(ask, selection, outcome, expected)

    def _start_work(self, ask: Ask, selection: Selection, change: Change, expected: int) -> Any:
        params = {
            "table": self.description.resource,
            "method": ask.method,
            "selection": selection.as_params(),
            "change": {"kind": change.kind, **change.as_params(self.description)},
            "expected": expected,
        }
        title = f"{_(self.description.plural)}: {ask.question(expected)}"
        work = start_work(
            KIND,
            params,
            title=title,
            actor=current_actor(),
            now=dt.datetime.now(dt.UTC),
            link=list_url(self, selection),
        )
        return redirect(url_for("WorkView.show", key=work.id))

    def _ask(
        self,
        ask: Ask,
        selection: Selection,
        rows: SelectedRows,
        change: Change | None,
        note: str = "",
    ) -> Any:
        page = bulk_page(ask, selection, rows, change, note)
        return self.render_template("admin/bulk.html", page=page)

    def _tell(self, ask: Ask, selection: Selection, outcome: Outcome, expected: int) -> Any:
        if outcome.failures:
            page = result_page(ask, selection, outcome, expected)
            return self.render_template("admin/bulk_result.html", page=page)
        flash(ask.done(outcome.changed), "success")
        return redirect(list_url(self, selection))

    def _leave(self, message: str, selection: Selection | None = None) -> Any:
        flash(message, "warning")
        back = list_url(self, selection) if selection else url_for(f"{self.endpoint}.list")
        return redirect(back)


def _is_ready(ask: Ask) -> bool:
    """Whether the page asks to confirm: at once where there is nothing to answer first."""
    return not ask.previews or request.form.get("step") in ("preview", "run")


def _nothing(selection: Selection, scope: Scope) -> str:
    if scope.seen:
        return _("You may look at these records but not change them.")
    if selection.keys == ():
        return _("Select some records first.")
    return _("The selected records are not there any more.")

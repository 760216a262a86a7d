"""The screens that add and change a record: one transaction, refusals beside the field."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import has_access_api, permission_name

from app.admin.database_errors import Refusal
from app.admin.forms.drafts import draft_data, kept_pairs
from app.admin.forms.page import form_page, way_back
from app.admin.forms.record_form import (
    RecordForm,
    empty_form,
    opened_form,
    sent_data,
    sent_form,
)
from app.admin.screens import TableScreens
from app.admin.titles import title_of
from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.workspace.discard_draft import discard_draft
from app.services.workspace.save_draft import SaveDraft, save_draft


class FormScreens(TableScreens):
    """Mixed into the generated view of a table."""

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        """The form of a new record; ``?copy=<key>`` begins like another, ``?dialog=1`` is a part
        of another page, which is answered with the new record's key and title."""
        if request.method == "GET":
            return self._answer(self._begun(), None)
        quick = "dialog" in request.args
        form = sent_form(self, None, sent_data(), with_lines=not quick)
        if not form.validate():
            return self._answer(form, None)
        row = self.datamodel.obj()
        refusal = form.save(row)
        if refusal is not None:
            return self._answer(form, refusal)
        discard_draft(self.description.resource, "", actor=current_actor())
        if quick:
            return jsonify(id=self.datamodel.key_of(row), text=title_of(row)), 201
        flash(_("%(what)s was added.", what=_(self.description.label)), "success")
        return redirect(self._after_save(row))

    def _begun(self) -> RecordForm:
        if "draft" in request.args and (data := draft_data(self, "")) is not None:
            return sent_form(self, None, data)
        source = None
        if key := request.args.get("copy"):
            source = self.find_or_404(key)
        return empty_form(self, source=source, with_lines="dialog" not in request.args)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Any:
        row = self.find_or_404(pk, "update")
        pk = self.datamodel.key_of(row)
        if request.method == "GET":
            data = draft_data(self, pk) if "draft" in request.args else None
            form = sent_form(self, row, data) if data is not None else opened_form(self, row)
            return self._answer(form, None)
        form = sent_form(self, row, sent_data())
        if not form.validate():
            return self._answer(form, None)
        refusal = form.save(row)
        if refusal is not None:
            form.renew(self.find_or_404(pk, "update"))
            return self._answer(form, refusal)
        discard_draft(self.description.resource, pk, actor=current_actor())
        flash(_("%(what)s was saved.", what=_(self.description.label)), "success")
        return redirect(self._after_save(row))

    @expose("/add/draft", methods=["POST", "DELETE"])
    @has_access_api
    @permission_name("add_draft")
    def add_draft(self) -> Any:
        """Keep, or forget, what was typed into the form of a new record."""
        return self._keep_draft("")

    @expose("/edit/<pk>/draft", methods=["POST", "DELETE"])
    @has_access_api
    @permission_name("edit_draft")
    def edit_draft(self, pk: str) -> Any:
        """Keep, or forget, what was typed into the form of a record."""
        row = self.find_or_404(pk, "update")
        return self._keep_draft(self.datamodel.key_of(row))

    def _keep_draft(self, pk: str) -> Any:
        actor, resource = current_actor(), self.description.resource
        if actor.user_id is None:
            abort(403)
        if request.method == "DELETE":
            discard_draft(resource, pk, actor=actor)
            return "", 204
        pairs = kept_pairs(request.form, self, adding=not pk)
        save_draft(SaveDraft(resource, pk, pairs), actor=actor, now=dt.datetime.now(dt.UTC))
        return "", 204

    def _answer(self, form: RecordForm, refusal: Refusal | None) -> Any:
        quick = "dialog" in request.args
        page = form_page(form, refusal)
        template = "admin/dialog_form.html" if quick else "admin/form.html"
        return self.render_template(template, page=page), _status(form, refusal)

    def _after_save(self, row: Any) -> str:
        after = way_back()
        if "another" in request.form:
            return url_for(f"{self.endpoint}.add", next=after or None)
        return after or url_for(f"{self.endpoint}.show", pk=self.datamodel.key_of(row))


def _status(form: RecordForm, refusal: Refusal | None) -> int:
    if refusal is not None:
        return refusal.status
    return 422 if request.method == "POST" and form.mistaken else 200

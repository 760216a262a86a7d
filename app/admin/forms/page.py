"""The add or edit form of one record, with what went wrong the last time."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.admin.cells import plain
from app.admin.database_errors import Refusal
from app.admin.forms.form import STAMP, sections_of, stamp, writable
from app.admin.pages import Conflict, FormPage
from app.admin.titles import title_of
from app.i18n import gettext as _


def form_page(view: Any, form: Any, *, row: Any, refusal: Refusal | None) -> FormPage:
    """``row`` is None when adding. A refusal's messages are put beside their fields; a stale form
    shows both versions and is stamped anew, so that saving again is a decision."""
    description = view.description
    adding = row is None
    fields = writable(description, adding=adding)
    conflicts: tuple[Conflict, ...] = ()
    if refusal is not None:
        _attach(form, refusal)
        if refusal.code == "stale_version":
            conflicts = _conflicts(form, row, fields)
            form[STAMP].data = stamp(row)
    list_url = url_for(f"{view.endpoint}.list")
    label = _(description.label)
    back = list_url if adding else url_for(f"{view.endpoint}.show", pk=view.datamodel.key_of(row))
    return FormPage(
        title=_("New: %(what)s", what=label) if adding else title_of(row),
        kind=label,
        icon=view.table.icon,
        domain=_(view.domain.label),
        list_url=list_url,
        list_label=_(description.plural),
        cancel_url=back,
        form=form,
        sections=sections_of(form, description, fields),
        is_new=adding,
        error=_error(form, refusal),
        conflicts=conflicts,
    )


def _error(form: Any, refusal: Refusal | None) -> str:
    if refusal is not None:
        return refusal.message
    if "csrf_token" in form.errors:
        return _("The form was open for too long; send it again.")
    return _("Some fields need your attention.") if form.errors else ""


def _attach(form: Any, refusal: Refusal) -> None:
    for name, message in refusal.fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, message]


def _conflicts(form: Any, row: Any, fields: list[Any]) -> tuple[Conflict, ...]:
    found = []
    for field in fields:
        theirs, yours = getattr(row, field.name), form[field.name].data
        if theirs != yours and not (theirs in (None, "") and yours in (None, "")):
            mine = _title(form[field.name], field, yours)
            found.append(Conflict(_(field.label), _title(None, field, theirs, row), mine))
    return tuple(found)


def _title(bound: Any, field: Any, value: Any, row: Any = None) -> str:
    """A relation's value is shown by its title."""
    if field.kind != "relation" or value is None:
        return plain(field, value)
    if row is not None:
        related = getattr(row, field.relationship)
        return title_of(related) if related is not None else str(value)
    return str((bound.chosen() or ("", value))[1])

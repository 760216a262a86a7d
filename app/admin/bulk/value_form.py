"""Forms of one value: of a column on many rows, of a cell, of tags."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import SelectMultipleField

from app.admin.access import rows_for
from app.admin.describe import Field
from app.admin.forms.fields import ItemsField
from app.admin.forms.form import form_class
from app.db import session
from app.i18n import lazy_gettext as _l
from models.crm import Tag

PREFIX = "value"
Data = MultiDict[str, str] | None


def value_form(view: Any, field: Field, data: Data, row: Any = None) -> Any:
    """The edit form of the table with this column alone, filled from ``data`` or else from ``row``.

    Its inputs are named ``value-<column>``, apart from those of the page around it; whoever draws
    it sends ``value-<column>-here`` along, for a box without a tick sends nothing. The token
    against forged requests is the page's.
    """
    kind = form_class(view.description.model, adding=False, endpoint=f"{view.endpoint}.lookup")
    form = kind(formdata=data, obj=row, prefix=PREFIX, meta={"csrf": False})
    for name in [bound.short_name for bound in form if bound.short_name != field.name]:
        del form[name]
    form.is_submitted_with_value = data is not None
    return form


def value_in(form: Any, field: Field) -> Any:
    """The checked value, as the column takes it."""
    return form[field.name].data


def tags_form(field: Field, data: Data) -> Any:
    """Tags to ``add`` and to ``remove``: texts, or keys of tags where they are rows."""
    kind = _TagRowsForm if field.target is Tag else _TextsForm
    form = kind(formdata=data, prefix="tags", meta={"csrf": False})
    if isinstance(form, _TagRowsForm):
        tags = session().scalars(rows_for(Tag, sa.select(Tag)).order_by(Tag.name)).all()
        form.add.choices = form.remove.choices = [(tag.id, tag.name) for tag in tags]
    form.is_submitted_with_value = data is not None
    return form


class _TextsForm(FlaskForm):
    add = ItemsField(_l("Add"), render_kw={"data-kind": "tags"})
    remove = ItemsField(_l("Remove"), render_kw={"data-kind": "tags"})
    is_submitted_with_value = False


class _TagRowsForm(FlaskForm):
    add = SelectMultipleField(
        _l("Add"), coerce=int, render_kw={"data-kind": "select", "data-search": ""}
    )
    remove = SelectMultipleField(
        _l("Remove"), coerce=int, render_kw={"data-kind": "select", "data-search": ""}
    )
    is_submitted_with_value = False

"""What stands beside inputs: units, links, buttons to add a record that can't be chosen yet."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.admin.access import rows_for
from app.admin.describe import Field, describe
from app.admin.files.names import own_name
from app.admin.forms.fields import RelationField
from app.admin.forms.lines import screen_of
from app.admin.forms.uploads import UploadField
from app.admin.forms.widgets import currency_column
from app.admin.interface import AdminInterface
from app.admin.money import is_money
from app.admin.titles import title_of
from app.admin.units import sign_of, symbol_of
from app.db import session
from app.locale import user_timezone
from app.services.platform.read_setting import read_setting
from app.session import INCLUDE_DELETED

PICTURES = "image/jpeg,image/png,image/webp,image/gif"


def dress(
    form: Any, fields: list[Field], *, row: Any = None, quick: bool = False, in_row: bool = False
) -> None:
    """Give each input what the template shows beside it, as ``extra``; less within a row."""
    for field in fields:
        bound = form[field.name]
        if isinstance(bound, RelationField):
            bound.extra = _relation(field, quick=quick or in_row)
        elif isinstance(bound, UploadField):
            bound.extra = _file(bound, field, row)
        else:
            bound.extra = {} if in_row else _sign(field, form, row)


def _sign(field: Field, form: Any, row: Any) -> dict[str, Any]:
    """The currency of an amount, the zone of a time."""
    if field.kind == "datetime":
        return {"zone": user_timezone().replace("_", " ")}
    if not is_money(field):
        return {}
    column = currency_column(field)
    if not column or column not in form:
        return {"unit": symbol_of(None) if row is None else sign_of(row, field)}
    return {
        "unit": symbol_of(form[column].data),
        "unit_of": form[column].id,
        "units": _symbols(form, column),
    }


def _symbols(form: Any, column: str) -> str:
    """The signs of the currencies that can be chosen, for the page's script."""
    codes = [value for value, _label, *_rest in form[column].iter_choices() if value]
    return " ".join(f"{code}={symbol_of(code)}" for code in codes)


def _relation(field: Field, *, quick: bool) -> dict[str, Any]:
    """Where the chosen record opens, and where a new one is added: not from within a dialog."""
    if field.target is None:
        return {}
    view = screen_of(field.target)
    found = {"open": url_for(f"{view.endpoint}.show", pk="0")[:-1]}
    if not quick and view.may("add"):
        titles = [f.name for f in view.description.title_fields() if f.kind == "text"]
        found["create"] = url_for(f"{view.endpoint}.add", dialog=1)
        found["create_label"] = view.description.label
        found["create_title"] = titles[0] if titles else ""
    return found


def _file(bound: UploadField, field: Field, row: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "picture": field.kind == "image",
        "accept": PICTURES if field.kind == "image" else "",
        "megabytes": read_setting("documents.max_megabytes"),
        "token": bound.token(),
        "name": bound.upload.name if bound.upload else "",
        "url": "",
    }
    if row is not None and bound.object_data and "/" in bound.object_data:
        interface = AdminInterface(type(row))
        endpoint = screen_of(type(row)).endpoint
        found["url"] = url_for(f"{endpoint}.file", name=field.name, pk=interface.key_of(row))
        old = bound.object_data.rpartition("/")[2]
        found["name"] = found["name"] or own_name(row, field) or old
    return found


def know_titles(forms: list[Any], fields: list[Field]) -> None:
    """Look up what the relations of many rows point to, with one statement per column."""
    for field in fields:
        target = field.target
        bound = [form[field.name] for form in forms if field.name in form]
        wanted = {one.data for one in bound if one.data is not None}
        if target is None or not wanted:
            continue
        key = getattr(target, describe(target).keys[0])
        statement = rows_for(target, sa.select(target).where(key.in_(wanted)))
        rows = session().scalars(statement, execution_options=INCLUDE_DELETED)
        titles = {getattr(row, key.key): title_of(row) for row in rows}
        for one in bound:
            if one.data in titles:
                one.known = (str(one.data), titles[one.data])

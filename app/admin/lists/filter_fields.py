"""What can be filtered on, for the builder in the browser."""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.admin.access import may_choose, readable
from app.admin.describe import Field
from app.admin.lists.filters import ColumnFilter, FilterConverter
from app.admin.lists.values import ME
from app.admin.lists.words import PERIODS
from app.i18n import gettext as _
from models.identity import User

INPUTS = {
    "integer": "number",
    "decimal": "number",
    "boolean": "choice",
    "date": "date",
    "datetime": "date",
    "choice": "choice",
    "relation": "relation",
}
"""What a value is written with; a relation to a table out of reach by its key."""


def filter_fields(view: Any) -> dict[str, Any]:
    """Columns that the reader may filter on, each with its operators and the kind of its value.

    ``input`` is text, number, date, choice or relation; ``shape`` of an operator is value, items,
    range or nothing (:class:`ColumnFilter`). ``options`` are (value, label).
    """
    converter = FilterConverter(view.datamodel)
    fields = [
        _field(view, field, operators)
        for field in readable(view.datamodel.description)
        if (operators := converter.convert(field.name))
    ]
    return {
        "fields": sorted(fields, key=lambda field: str(field["label"]).casefold()),
        "periods": [[name, str(label)] for name, label in PERIODS.items()],
    }


def _field(view: Any, field: Field, operators: list[ColumnFilter]) -> dict[str, Any]:
    is_looked_up = field.kind == "relation" and may_choose(field)
    return {
        "name": field.name,
        "label": _(field.label),
        "input": INPUTS.get(field.kind, "text")
        if field.kind != "relation" or is_looked_up
        else "text",
        "operators": [[item.arg_name, str(item.name), item.shape] for item in operators],
        "options": _options(field),
        "lookup": url_for(f"{view.endpoint}.lookup", name=field.name) if is_looked_up else "",
    }


def _options(field: Field) -> list[list[str]]:
    """Values to choose from, of a text those that it usually has; of a user's key the one that
    means whoever looks."""
    if field.kind == "boolean":
        return [["true", _("Yes")], ["false", _("No")]]
    if field.target is User:
        return [[ME, _("me")]]
    return [[value, _(label)] for value, label in (field.choices or field.usual).items()]

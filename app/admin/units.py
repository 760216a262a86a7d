"""What a number is of: an amount has the sign of its currency, a share its %."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from app.admin.cells import NOTHING, cell
from app.admin.describe import Field, describe
from app.admin.forms.dressing import symbol_of
from app.admin.money import currency_field, is_money, is_percent
from models.base import Base


def with_unit(row: Any, field: Field, *, full: bool = False) -> Markup:
    """The value of ``field`` in ``row`` with its unit; shortened unless ``full``.

    For an amount of a line its document is loaded, so this is for a page of one record, or for
    tables whose rows say their currency themselves (:func:`says_its_currency`).
    """
    shown = cell(row, field, full=full)
    if shown == NOTHING or not field.numeric:
        return shown
    if is_percent(field):
        return Markup("{} %").format(shown)
    if is_money(field):
        return Markup("{} {}").format(symbol_of(_currency(row, field)), shown)
    return shown


def says_its_currency(field: Field, model: type[Base]) -> bool:
    """Whether the row itself tells the currency of its amount, or it is that of the business."""
    known = currency_field(field, model)
    return known is None or known.column.table is model.__table__


def _currency(row: Any, field: Field) -> str | None:
    """Of the row, or of the document that it is a line of; None is that of the business."""
    model = type(row)
    known = currency_field(field, model)
    if known is None:
        return None
    if known.column.table is model.__table__:
        return getattr(row, known.name, None)
    document = next(
        getattr(row, f.relationship)
        for f in describe(model).fields.values()
        if f.target is not None and f.target.__table__ is known.column.table
    )
    return getattr(document, known.name, None)

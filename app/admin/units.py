"""What a number is of: an amount has the sign of its currency, a share its %."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from babel.numbers import get_currency_symbol
from markupsafe import Markup

from app.admin.access import may_see
from app.admin.cells import NOTHING, cell
from app.admin.describe import Field
from app.admin.money import currency_field, is_money, is_percent, link_to
from app.locale import user_locale
from app.services.platform.read_setting import read_setting

HOME = "es_PE"


def with_unit(row: Any, field: Field, *, full: bool = False) -> Markup:
    """The value of ``field`` in ``row`` with its unit; shortened unless ``full``; no SQL."""
    shown = cell(row, field, full=full)
    if shown == NOTHING or not field.numeric:
        return shown
    if is_percent(field):
        return Markup("{} %").format(shown)
    if is_money(field) and (sign := sign_of(row, field)):
        return Markup("{} {}").format(sign, shown)
    return shown


def sign_of(row: Any, field: Field) -> str:
    """The sign of the currency of an amount: of the row, of the document that it is a line of, or
    of the business. Empty where the person may not see which it is, or it isn't at hand."""
    known = currency_field(field, type(row))
    if known is None:
        return symbol_of(None)
    if not may_see(known):
        return ""
    holder = row
    if known.column.table is not type(row).__table__:
        name = link_to(known, type(row)).relationship
        # Out of the reader's reach it is None.
        holder = None if name in sa.inspect(row).unloaded else getattr(row, name)
    return symbol_of(getattr(holder, known.name)) if holder is not None else ""


def symbol_of(code: str | None) -> str:
    """The sign of a currency; without a code that of the business."""
    return _symbol(code or str(read_setting("company.currency")), user_locale())


@cache
def _symbol(code: str, locale: str) -> str:
    sign = str(get_currency_symbol(code, locale))
    # English has no sign for soles; the business's own place has.
    return sign if sign != code else str(get_currency_symbol(code, HOME))

"""A bulk price change in words: of which goods, and how."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import show_decimal
from app.session import INCLUDE_DELETED
from models.catalog import Brand, BulkPriceChange, Category, Product

NAMED: dict[str, Any] = {"category_id": Category, "brand_id": Brand, "product_id": Product}


def what_changes(changes: Sequence[BulkPriceChange]) -> dict[int, str]:
    """A line for each change by its key; three statements at most."""
    names = {column: _names(column, changes) for column in NAMED}
    return {
        change.id: ": ".join(filter(None, [_which(change.selection, names), _how(change.rule)]))
        for change in changes
    }


def _names(column: str, changes: Sequence[BulkPriceChange]) -> dict[int, str]:
    model = NAMED[column]
    keys = {change.selection[column] for change in changes if column in change.selection}
    if not keys:
        return {}
    rows = sa.select(model.id, model.name).where(model.id.in_(keys))
    return dict(session().execute(rows, execution_options=INCLUDE_DELETED).all())


def _which(selection: dict[str, Any], names: dict[str, dict[int, str]]) -> str:
    if "listed" in selection:
        count = int(selection["listed"])
        return ngettext("List of %(num)s price", "List of %(num)s prices", count)
    if "undo_of" in selection:
        return _("Undo of change %(key)s", key=selection["undo_of"])
    parts = [names[column].get(selection[column], "?") for column in NAMED if column in selection]
    if "search" in selection:
        parts.append(f"“{selection['search']}”")
    return ", ".join(parts) or _("The whole catalogue")


def _how(rule: dict[str, Any]) -> str:
    kind = rule.get("kind")
    if kind not in ("percent", "amount", "set"):
        return ""
    value = Decimal(rule["value"])
    whole = kind == "percent" and value == value.to_integral_value()
    number = show_decimal(abs(value), 0 if whole else 2)
    sign = "−" if value < 0 else "+"
    text = {
        "percent": f"{sign}{number} %",
        "amount": f"{sign}S/ {number}",
        "set": f"= S/ {number}",
    }[kind]
    ending = rule.get("ending")
    return (
        text
        if ending is None
        else _("%(change)s, to %(ending)s", change=text, ending=f".{ending[-2:]}")
    )

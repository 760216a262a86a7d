"""The category tree as the options of a select."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from app.db import session
from app.i18n import gettext as _
from models.catalog import Category

INDENT = "\u2003"


def category_choices() -> list[tuple[object, str]]:
    """(key, name) of all categories, those below a category after it and indented."""
    below: dict[int | None, list[tuple[int, str]]] = defaultdict(list)
    rows = sa.select(Category.parent_id, Category.id, Category.name).order_by(Category.name)
    for parent, key, name in session().execute(rows):
        below[parent].append((key, name))
    found: list[tuple[object, str]] = [("", _("All categories"))]
    waiting = [(key, name, 0) for key, name in reversed(below[None])]
    while waiting:
        key, name, depth = waiting.pop()
        found.append((key, INDENT * depth + name))
        waiting += [(k, n, depth + 1) for k, n in reversed(below[key])]
    return found

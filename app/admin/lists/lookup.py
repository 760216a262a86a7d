"""Finding the row that a foreign key shall point to, by its title."""

from __future__ import annotations

import operator
from typing import Any

import sqlalchemy as sa

from app.admin.access import may_see, rows_for
from app.admin.describe import TEXT_KINDS, describe
from app.admin.interface import AdminInterface
from app.admin.titles import title_of
from app.db import session
from models.base import Base, escape_like, fits

PAGE = 20
MAX_PAGE = 500


def search_rows(model: type[Base], text: str, *, page: int) -> dict[str, Any]:
    """Live rows that the person may read, whose title contains each word of ``text`` or whose key
    it is.

    ``{"results": [{"id", "text"}], "pagination": {"more"}}``, 20 a page in the order of the title.
    """
    description = describe(model)
    titles = [f for f in description.title_fields() if f.kind in TEXT_KINDS and may_see(f)]
    interface = AdminInterface(model)
    keys = [getattr(model, name) for name in description.keys]
    statement = rows_for(model, sa.select(model))
    for word in text.replace("\x00", "").split():
        pattern = f"%{escape_like(word)}%"
        matches = [fits(getattr(model, field.name), pattern) for field in titles]
        if (key := interface.parse_key(word)) is not None:
            matches.append(sa.and_(*map(operator.eq, keys, key)))
        statement = statement.where(sa.or_(sa.false(), *matches))
    order = [getattr(model, field.name) for field in titles[:1]]
    start = (min(max(page, 1), MAX_PAGE) - 1) * PAGE
    rows = session().scalars(statement.order_by(*order, *keys).offset(start).limit(PAGE + 1)).all()
    return {
        "results": [{"id": interface.key_of(row), "text": title_of(row)} for row in rows[:PAGE]],
        "pagination": {"more": len(rows) > PAGE},
    }

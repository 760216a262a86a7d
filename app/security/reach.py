"""Rows that hand-made screens name by key: those within the row scope of who asks."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort

from app.admin.access import rows_for
from app.db import session
from app.session import INCLUDE_DELETED


def row_or_404(model: Any, pk: int, action: str, *, deleted: bool = False) -> Any:
    """The row, if the person of this request may do ``action`` with it; else answers 404."""
    statement = rows_for(model, sa.select(model).where(model.id == pk), action)
    row = session().scalar(statement, execution_options=INCLUDE_DELETED if deleted else {})
    if row is None:
        abort(404)
    return row

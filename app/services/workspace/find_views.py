"""Saved views of a list: those of one's own and those that are shared."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import session
from models.workspace import SavedView


def find_views(table: str, user_id: int | None) -> list[SavedView]:
    """The user's views of the table (``schema.table``) and the shared ones, by name."""
    statement = (
        sa.select(SavedView)
        .where(
            SavedView.table_name == table,
            sa.or_(SavedView.user_id == (user_id or 0), SavedView.is_shared),
        )
        .order_by(sa.func.lower(SavedView.name), SavedView.id)
    )
    return list(session().scalars(statement))

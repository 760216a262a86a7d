"""The ORM session: hides soft-deleted rows and can be bound to one connection (tests)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria

from models.base import SoftDelete

INCLUDE_DELETED = {"include_deleted": True}
"""Execution options of a statement that wants deleted rows too (trash, restore, undo)."""

_LIVE_ROWS_ONLY = with_loader_criteria(
    SoftDelete,
    lambda cls: cls.deleted_at.is_(None),
    include_aliases=True,
    propagate_to_loaders=False,
)


class Session(FlaskSession):
    """Flask-SQLAlchemy's session that lets an explicit ``bind`` win."""

    def get_bind(self, *args: Any, **kwargs: Any) -> sa.Engine | sa.Connection:
        if self.bind is not None:
            return self.bind
        return super().get_bind(*args, **kwargs)


@sa.event.listens_for(Session, "do_orm_execute")
def _hide_deleted_rows(state: ORMExecuteState) -> None:
    """Every SELECT, and bulk UPDATE and DELETE, sees live rows only.

    Relationship loads are left alone: an order still names its deleted customer.
    """
    if not (state.is_select or state.is_update or state.is_delete):
        return
    if state.is_column_load or state.is_relationship_load:
        return
    if not state.execution_options.get("include_deleted"):
        state.statement = state.statement.options(_LIVE_ROWS_ONLY)

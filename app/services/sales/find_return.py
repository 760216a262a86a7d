"""The returns that somebody may work with."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import lock_row, session
from app.services.sales.return_errors import ReturnNotFoundError
from models.sales import OrderReturn


def find_return(return_id: int, *, actor: Actor, lock: bool = False) -> OrderReturn:
    """The return, locked if asked for, within the row scope of the actor's roles.

    Raises :class:`ReturnNotFoundError`, also for one that is out of the actor's reach.
    """
    statement = sa.select(OrderReturn).where(OrderReturn.id == return_id)
    statement = scoped(statement, OrderReturn, Reader.of(actor))
    row: OrderReturn | None = lock_row(statement) if lock else session().scalar(statement)
    if row is None:
        raise ReturnNotFoundError(return_id)
    return row

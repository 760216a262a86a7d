"""Quotations that somebody may work with."""

from __future__ import annotations

import sqlalchemy as sa

from app.access.rows import Reader, scoped
from app.actor import Actor
from app.db import lock_row, session
from app.services.sales.saved_errors import QuotationNotFoundError, QuotationUsedError
from models.sales import Quotation


def find_quotation(quotation_id: int, *, actor: Actor, lock: bool = False) -> Quotation:
    """The quotation, locked if asked for, within the row scope of the actor's roles.

    Raises :class:`QuotationNotFoundError`.
    """
    statement = sa.select(Quotation).where(Quotation.id == quotation_id)
    statement = scoped(statement, Quotation, Reader.of(actor))
    found: Quotation | None = lock_row(statement) if lock else session().scalar(statement)
    if found is None:
        raise QuotationNotFoundError(str(quotation_id))
    return found


def lock_unsold(quotation_id: int, *, actor: Actor) -> Quotation:
    """The quotation that a sale comes of, locked; :class:`QuotationUsedError` for the second."""
    quotation = find_quotation(quotation_id, actor=actor, lock=True)
    if quotation.order_id is not None:
        raise QuotationUsedError(quotation.number, quotation.order_id)
    return quotation
